using System.Collections.Concurrent;
using System.Text.Json;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Golden;

/// <summary>One file of tests/reference/ops: tensors <c>case.role</c>, inputs in float32 and PyTorch's results in float64.</summary>
internal sealed class GoldenFile
{
    private static readonly ConcurrentDictionary<string, GoldenFile> Opened = new();

    private readonly SafetensorsFile _file;

    private GoldenFile(string path)
    {
        _file = SafetensorsFile.Open(path);
        using JsonDocument cases = JsonDocument.Parse(_file.Metadata["cases"]);
        Cases = cases.RootElement.EnumerateArray().ToDictionary(item => item.GetProperty("name").GetString()!, item => item.Clone());
    }

    /// <summary>Parameters of the cases, by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Cases { get; }

    /// <summary>A file by its name without extension.</summary>
    public static GoldenFile Open(string name) => Opened.GetOrAdd(name, static key => new GoldenFile(Path.Combine(Folder(), $"{key}.safetensors")));

    /// <summary>Every case of a file on every device, for theories.</summary>
    public static TheoryData<string, string> OnEveryDevice(string name, IEnumerable<string> devices)
    {
        TheoryData<string, string> data = [];
        foreach (string device in devices)
        {
            foreach (string golden in Open(name).Cases.Keys)
                data.Add(device, golden);
        }

        return data;
    }

    public GoldenCase this[string name] => new(this, name);

    /// <summary>A tensor as float32 values.</summary>
    public float[] Floats(string name) => Matrix(name).ToFloatArray();

    public double[] Doubles(string name) => Matrix(name).ToArray();

    public bool Has(string name) => _file.TryGetTensor(name, out _);

    public int[] Shape(string name) => [.. _file[name].Shape.Dimensions.ToArray().Select(dimension => (int)dimension)];

    /// <summary>A tensor as a matrix of the first dimension by all others, a vector as one row.</summary>
    public Parameter Matrix(string name) => Parameter.FromTensor(_file[name]);

    private static string Folder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "tests", "reference", "ops");
            if (Directory.Exists(candidate))
                return candidate;
        }

        throw new DirectoryNotFoundException($"no tests/reference/ops above {AppContext.BaseDirectory}");
    }
}
