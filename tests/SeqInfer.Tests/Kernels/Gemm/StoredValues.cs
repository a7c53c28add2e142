using SeqInfer.Devices;

namespace SeqInfer.Tests.Kernels.Gemm;

/// <summary>What the storages make of weights and inputs, from their definitions and in double precision.</summary>
internal static class StoredValues
{
    /// <summary>Weights [units, depth] as they are multiplied.</summary>
    public static double[] Weights(float[] weights, int depth, WeightStorage storage) => storage switch
    {
        WeightStorage.BFloat16 => [.. weights.Select(BFloat16)],
        WeightStorage.Int8 => [.. Rows(weights, depth).SelectMany(Int8)],
        _ => [.. weights.Select(value => (double)value)],
    };

    /// <summary>Rows of x [rows, depth] as they are multiplied.</summary>
    public static double[] Inputs(double[] x, int depth, WeightStorage storage) =>
        storage == WeightStorage.Int8 ? [.. Rows(x, depth).SelectMany(row => Integers(row))] : x;

    /// <summary>The nearest number of eight significant bits, ties to even.</summary>
    public static double BFloat16(float value)
    {
        if (value == 0 || !float.IsFinite(value))
            return value;
        double unit = Math.ScaleB(1, Math.Max(Math.ILogB((double)value), -126) - 7);
        double rounded = Math.Round(value / unit) * unit;
        return Math.Abs(rounded) > 3.39e38 ? Math.CopySign(double.PositiveInfinity, rounded) : rounded;
    }

    private static IEnumerable<double> Int8(float[] unit)
    {
        float factor = (float)((double)unit.Max(Math.Abs) / 127);
        return unit.Select(value => factor == 0 ? 0 : Math.Round(value / (double)factor) * factor);
    }

    private static IEnumerable<double> Integers(double[] row)
    {
        long limit = Math.Min(32767, int.MaxValue / (127L * row.Length));
        double unit = Math.ScaleB(1, -112);
        while (limit * unit < row.Max(Math.Abs))
            unit *= 2;
        return row.Select(value => Math.Round(value / unit) * unit);
    }

    private static IEnumerable<T[]> Rows<T>(T[] values, int columns) => columns == 0 ? [] : values.Chunk(columns);
}
