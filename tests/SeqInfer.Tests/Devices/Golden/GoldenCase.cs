using System.Text.Json;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Golden;

/// <summary>One case of a golden file: its tensors by role and its parameters.</summary>
internal sealed class GoldenCase(GoldenFile file, string name)
{
    public string Name => name;

    private JsonElement Parameters => file.Cases[name];

    public bool Has(string role) => file.Has($"{name}.{role}");

    public float[] Floats(string role) => file.Floats($"{name}.{role}");

    public double[] Doubles(string role) => file.Doubles($"{name}.{role}");

    public int[] Integers(string role) => Array.ConvertAll(Doubles(role), value => (int)value);

    public int[] Shape(string role) => file.Shape($"{name}.{role}");

    public Parameter Matrix(string role) => file.Matrix($"{name}.{role}");

    public Parameter? OptionalMatrix(string role) => Has(role) ? Matrix(role) : null;

    public string Text(string key) => Parameters.GetProperty(key).GetString()!;

    public bool Flag(string key) => Parameters.GetProperty(key).GetBoolean();

    public int Number(string key) => Parameters.GetProperty(key).GetInt32();

    public double Value(string key) => Parameters.GetProperty(key).GetDouble();

    public double? OptionalValue(string key) => Parameters.TryGetProperty(key, out JsonElement value) ? value.GetDouble() : null;
}
