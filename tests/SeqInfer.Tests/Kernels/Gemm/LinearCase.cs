using SeqInfer.Devices;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Kernels.Gemm;

/// <summary>Random values of one linear layer and its double-precision result.</summary>
internal sealed unsafe class LinearCase
{
    private readonly WeightStorage _storage;
    private readonly float[] _weight;
    private readonly double[] _stored;
    private readonly float[]? _bias;
    private readonly float[]? _residual;

    public LinearCase(int rows, int units, int depth, bool hasBias, bool hasResidual, int seed, WeightStorage storage = WeightStorage.Float32)
    {
        _storage = storage;
        (Rows, Units, Depth) = (rows, units, depth);
        _weight = Samples.Normal(units * depth, seed);
        _stored = StoredValues.Weights(_weight, depth, storage);
        X = Samples.Normal(rows * depth, seed + 1);
        _bias = hasBias ? Samples.Normal(units, seed + 2) : null;
        _residual = hasResidual ? Samples.Normal(rows * units, seed + 3) : null;
    }

    public int Rows { get; }

    public int Units { get; }

    public int Depth { get; }

    public float[] X { get; }

    public LinearUnderTest Pack(Isa isa) => LinearUnderTest.Pack(
        isa,
        _storage,
        Parameter.FromValues("weight", Units, Depth, _weight),
        _bias is null ? null : Parameter.FromValues("bias", 1, Units, _bias));

    /// <summary>The rows first..first + count - 1, computed in buffers of exactly their size between guard pages.</summary>
    /// <param name="layer">This case's layer.</param>
    /// <param name="op">The activation.</param>
    /// <param name="first">First row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="gap">Floats between the end of a row and the start of the next, which must stay as they are.</param>
    /// <param name="atEnd">Whether the buffers touch the upper guard page instead of the lower one.</param>
    public float[] Run<TOp>(LinearUnderTest layer, TOp op, int first, int count, int gap, bool atEnd)
        where TOp : struct, IUnaryOp
    {
        using GuardedMemory<float> x = Spread(X, Depth, first, count, gap, atEnd);
        using GuardedMemory<float> y = Spread(_residual ?? new float[Rows * Units], Units, first, count, gap, atEnd);
        LinearOutput output = new(y.Pointer, Units + gap, null, _residual is null ? null : y.Pointer, Units + gap);
        layer.Run(x.Pointer, Depth + gap, count, output, op);
        x.AssertNothingElseWritten();
        y.AssertNothingElseWritten();
        float[] result = new float[count * Units];
        for (int row = 0; row < count; row++)
        {
            y.Span.Slice(row * (Units + gap), Units).CopyTo(result.AsSpan(row * Units));
            if (row < count - 1)
                Assert.True(y.Span.Slice((row * (Units + gap)) + Units, gap).IndexOfAnyExcept(Filler) < 0, "the gap between two rows was written");
        }

        return result;
    }

    /// <summary>x W^T + bias in double, of what the storage leaves, and the largest sum of terms' magnitudes.</summary>
    public (double[] Sums, double Range) Reference(Func<double, double> activation)
    {
        double[] y = new double[Rows * Units];
        double range = 0;
        double[] x = StoredValues.Inputs([.. X.Select(value => (double)value)], Depth, _storage);
        for (int row = 0; row < Rows; row++)
        {
            for (int unit = 0; unit < Units; unit++)
            {
                double sum = _bias?[unit] ?? 0;
                double magnitude = Math.Abs(sum);
                for (int k = 0; k < Depth; k++)
                {
                    double product = x[(row * Depth) + k] * _stored[(unit * Depth) + k];
                    sum += product;
                    magnitude += Math.Abs(product);
                }

                int i = (row * Units) + unit;
                y[i] = activation(sum) + (_residual?[i] ?? 0);
                range = Math.Max(range, magnitude + Math.Abs(_residual?[i] ?? 0));
            }
        }

        return (y, range);
    }

    /// <summary>One element as the fixed order of summation defines it: a fused multiply-add for each k, then the bias.</summary>
    public float Chain(int row, int unit)
    {
        float sum = 0;
        for (int k = 0; k < Depth; k++) sum = MathF.FusedMultiplyAdd(X[(row * Depth) + k], (float)_stored[(unit * Depth) + k], sum);
        return sum + (_bias?[unit] ?? 0);
    }

    public override string ToString() => $"[{Rows}, {Depth}] -> {Units}, {_storage}, bias {_bias is not null}, residual {_residual is not null}";

    private const float Filler = -77.25f;

    private static GuardedMemory<float> Spread(float[] values, int columns, int first, int count, int gap, bool atEnd)
    {
        int length = count == 0 ? 0 : (count * (columns + gap)) - gap;
        GuardedMemory<float> memory = atEnd ? GuardedMemory<float>.AtEnd(length) : GuardedMemory<float>.AtStart(length);
        memory.Span.Fill(Filler);
        for (int row = 0; row < count; row++)
            values.AsSpan((first + row) * columns, columns).CopyTo(memory.Span[(row * (columns + gap))..]);
        return memory;
    }
}
