namespace SeqInfer.Bench.Models;

/// <summary>How our side stores weights, as options and reports call it.</summary>
internal static class WeightForms
{
    /// <summary>Single precision.</summary>
    public const string Fp32 = "fp32";

    /// <summary>bfloat16: 8 bits of precision; of graph networks the features of the nodes as well.</summary>
    public const string Bf16 = "bf16";

    /// <summary>8-bit integers with a factor for each output; of a catalogue, those of a first pass whose survivors are scored in fp32.</summary>
    public const string Int8 = "int8";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Fp32, Bf16, Int8];

    /// <summary>Bytes of a weight.</summary>
    public static int BytesOf(string weights) => weights switch
    {
        Fp32 => 4,
        Bf16 => 2,
        Int8 => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(weights), weights, null),
    };
}
