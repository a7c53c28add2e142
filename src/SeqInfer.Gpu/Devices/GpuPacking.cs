using SeqInfer.Gpu.Kernels.Gemm;
using SeqInfer.Gpu.Runtime;
using SeqInfer.Weights;

namespace SeqInfer.Gpu.Devices;

/// <summary>Weights in the layouts that kernels read.</summary>
internal static class GpuPacking
{
    // x + (-0) is x for every x, both zeros included
    private const float NoBias = -0f;

    /// <summary>The elements, row after row; null for the stand-in of a missing tensor.</summary>
    public static GpuBuffer<float>? Rows(GpuRuntime runtime, Parameter parameter) =>
        parameter.IsMissing ? null : new GpuBuffer<float>(runtime, parameter.ToFloatArray(), parameter.Name);

    /// <summary>One summand an output; what changes nothing where there is no bias.</summary>
    public static float[] Bias(Parameter? bias, int count)
    {
        if (bias is not null)
            return bias.ToFloatArray();
        float[] none = new float[count];
        none.AsSpan().Fill(NoBias);
        return none;
    }

    /// <summary>Divides a row by its Euclidean length; a row of length 0 stays.</summary>
    public static void ToUnitLength(Span<double> row)
    {
        double squares = 0;
        foreach (double x in row)
            squares += x * x;
        double divisor = squares == 0 ? 1 : Math.Sqrt(squares);
        for (int i = 0; i < row.Length; i++)
            row[i] /= divisor;
    }
}

/// <summary>A matrix of weights in device memory as [in, out], zero-padded to whole groups of four outputs, and its bias.</summary>
internal sealed class GpuPacked : IDisposable
{
    private const int Lanes = 4;

    private readonly GpuBuffer<float> _data;
    private readonly GpuBuffer<float> _bias;
    private readonly int _stride;

    private GpuPacked(GpuRuntime runtime, Parameter weight, ReadOnlySpan<float> bias, bool toUnitLength)
    {
        _stride = (weight.Rows + Lanes - 1) / Lanes * Lanes;
        float[] values = new float[checked((long)_stride * weight.Columns)];
        double[] row = new double[weight.Columns];
        for (int output = 0; output < weight.Rows; output++)
        {
            weight.CopyRow(output, row);
            if (toUnitLength)
                GpuPacking.ToUnitLength(row);
            for (int input = 0; input < row.Length; input++)
                values[((long)input * _stride) + output] = (float)row[input];
        }

        _data = new GpuBuffer<float>(runtime, values, weight.Name);
        _bias = new GpuBuffer<float>(runtime, bias, weight.Name);
    }

    public long ByteCount => _data.ByteCount + _bias.ByteCount;

    /// <summary>Packs [out, in]; null where a tensor is missing.</summary>
    public static GpuPacked? Create(GpuRuntime runtime, Parameter weight, Parameter? bias) =>
        weight.IsMissing || bias is { IsMissing: true } ? null : Create(runtime, weight, GpuPacking.Bias(bias, weight.Rows));

    /// <summary>Packs [out, in] with a summand an output.</summary>
    public static GpuPacked Create(GpuRuntime runtime, Parameter weight, ReadOnlySpan<float> bias, bool toUnitLength = false) =>
        new(runtime, weight, bias, toUnitLength);

    /// <summary>The memory of weights that are there.</summary>
    /// <exception cref="InvalidOperationException">They stand in for a missing tensor.</exception>
    public static PackedWeights View(GpuPacked? packed) => packed is null
        ? throw new InvalidOperationException("the weights stand in for a missing tensor and have no values")
        : new PackedWeights(packed._data.View, packed._stride, packed._bias.View);

    public void Dispose()
    {
        _data.Dispose();
        _bias.Dispose();
    }
}
