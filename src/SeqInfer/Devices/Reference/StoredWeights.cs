using SeqInfer.Kernels.Gemm;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Reference;

/// <summary>A matrix as a storage holds it: its weights are exactly those that the rounding leaves, and so are the inputs they are multiplied with.</summary>
internal sealed class StoredWeights
{
    private readonly WeightStorage _storage;
    private readonly double[]? _values;
    private readonly int _columns;

    public StoredWeights(Parameter parameter, WeightStorage storage)
    {
        _storage = storage;
        _columns = parameter.Columns;
        if (parameter.IsMissing)
            return;
        _values = parameter.ToArray();
        for (int row = 0; row < parameter.Rows && storage != WeightStorage.Float32; row++)
            RoundRow(_values.AsSpan(row * _columns, _columns));
    }

    public long ByteCount => _values is null ? 0 : 8L * _values.Length;

    /// <summary>The matrix, or null where there is none.</summary>
    public static StoredWeights? FromOptional(Parameter? parameter, WeightStorage storage) =>
        parameter is null ? null : new StoredWeights(parameter, storage);

    /// <summary>A row of the input as it is multiplied.</summary>
    public double[] Input(ReadOnlySpan<double> x)
    {
        double[] rounded = x.ToArray();
        if (_storage != WeightStorage.Int8)
            return rounded;
        double magnitude = 0;
        foreach (double value in rounded)
            magnitude = Math.Max(magnitude, Math.Abs(value));
        double factor = IntegerRows.Factor(magnitude, IntegerRows.Limit(_columns));
        return Array.ConvertAll(rounded, value => Math.Round(value / factor) * factor);
    }

    /// <summary>sum + W[row] x, for an <see cref="Input"/>. A missing matrix reads as zeros.</summary>
    public double AddProduct(double sum, int row, double[] x)
    {
        if (_values is null)
            return sum;
        ReadOnlySpan<double> weights = _values.AsSpan(row * _columns, _columns);
        for (int k = 0; k < weights.Length; k++)
            sum += weights[k] * x[k];
        return sum;
    }

    private void RoundRow(Span<double> row)
    {
        float[] values = new float[row.Length];
        for (int k = 0; k < values.Length; k++)
            values[k] = (float)row[k];
        double factor = _storage == WeightStorage.Int8 ? Int8Storage.Round(values) : BFloat16Storage.Round(values);
        for (int k = 0; k < values.Length; k++)
            row[k] = values[k] * factor;
    }
}
