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

    public LinearCase(
        int rows, int units, int depth, bool hasBias, bool hasResidual, int seed, WeightStorage storage = WeightStorage.Float32, double scale = 1)
    {
        _storage = storage;
        (Rows, Units, Depth) = (rows, units, depth);
        _weight = Samples.Normal(units * depth, seed, scale);
        _stored = StoredValues.Weights(_weight, depth, storage);
        X = Samples.Normal(rows * depth, seed + 1);
        _bias = hasBias ? Samples.Normal(units, seed + 2) : null;
        _residual = hasResidual ? Samples.Normal(rows * units, seed + 3) : null;
    }

    public int Rows { get; }

    public int Units { get; }

    public int Depth { get; }

    public bool HasResidual => _residual is not null;

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
    /// <param name="inParts">Whether panels are computed apart from each other, more of them each time.</param>
    public float[] Run<TOp>(LinearUnderTest layer, TOp op, int first, int count, int gap, bool atEnd, bool inParts = false)
        where TOp : struct, IUnaryOp =>
        Run(first, count, gap, atEnd, (x, y) =>
        {
            LinearOutput output = new(y, Units + gap, null, _residual is null ? null : y, Units + gap);
            if (!inParts) layer.Run(x, Depth + gap, count, output, op);
            for (int panel = 0, taken = 1; inParts && panel < layer.PanelCount; panel += taken, taken++)
                layer.RunPanels(x, Depth + gap, count, panel, Math.Min(taken, layer.PanelCount - panel), output, op);
        });

    /// <summary>All rows by <see cref="LinearUnderTest.RunSmall"/>, of a case without a residual.</summary>
    /// <param name="layer">This case's layer.</param>
    /// <param name="floor">What values are at least.</param>
    /// <param name="gap">As for the other.</param>
    /// <param name="atEnd">As for the other.</param>
    public float[] RunSmall(LinearUnderTest layer, float floor, int gap, bool atEnd) =>
        Run(0, Rows, gap, atEnd, (x, y) => layer.RunSmall(x, Depth + gap, Rows, y, Units + gap, floor));

    private float[] Run(int first, int count, int gap, bool atEnd, Product product)
    {
        using GuardedMemory<float> x = Spread(X, Depth, first, count, gap, atEnd);
        using GuardedMemory<float> y = Spread(_residual ?? new float[Rows * Units], Units, first, count, gap, atEnd);
        product(x.Pointer, y.Pointer);
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

    /// <summary>One element as the fixed order of summation of wide layers defines it: the bias, then a fused multiply-add for each k.</summary>
    public float Chain(int row, int unit) => Chain(row, unit, 0, 1, _bias?[unit] ?? 0);

    /// <summary>One element as that of narrow or shallow layers defines it: four sums in turn, the first from the bias on.</summary>
    public float FourChains(int row, int unit)
    {
        float sum = Chain(row, unit, 0, 4, _bias?[unit] ?? 0) + Chain(row, unit, 1, 4, 0);
        return sum + (Chain(row, unit, 2, 4, 0) + Chain(row, unit, 3, 4, 0));
    }

    /// <summary>The sum with what is added to it last.</summary>
    public float WithResidual(float sum, int row, int unit) => _residual is null ? sum : sum + _residual[(row * Units) + unit];

    public override string ToString() => $"[{Rows}, {Depth}] -> {Units}, {_storage}, bias {_bias is not null}, residual {_residual is not null}";

    private float Chain(int row, int unit, int start, int step, float sum)
    {
        for (int k = start; k < Depth; k += step)
            sum = MathF.FusedMultiplyAdd(X[(row * Depth) + k], (float)_stored[(unit * Depth) + k], sum);
        return sum;
    }

    private delegate void Product(float* x, float* y);

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
