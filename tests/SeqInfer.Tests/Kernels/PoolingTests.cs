using SeqInfer.Kernels.Pooling;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels;

/// <summary>Pooling of ragged runs of rows.</summary>
public sealed unsafe class PoolingTests
{
    private static readonly int[] Offsets = [0, 1, 1, 4, 30, 30];

    public static TheoryData<Isa> AllIsas => KernelsUnderTest.AllIsas;

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Pools_match_double_precision_and_empty_runs_give_zeros(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        foreach (int columns in Samples.Lengths.Where(n => n is > 0 and < 20 or 32 or 63 or 64 or 65 or 100 or 256))
        {
            Check<SumPooling>(kernels, columns, run => run.Sum(), run => run.Sum(Math.Abs), "sum");
            Check<MeanPooling>(kernels, columns, run => run.DefaultIfEmpty().Average(), run => run.Sum(Math.Abs), "mean");
            Check<MaxPooling>(kernels, columns, run => run.DefaultIfEmpty().Max(), _ => 0, "max");
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Max_pooling_keeps_NaN_wherever_it_stands(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        int[] offsets = [0, 3];
        for (int row = 0; row < 3; row++)
        {
            float[] x = new float[3 * 20];
            x[row * 20 + 7] = float.NaN;
            float[] y = new float[20];
            fixed (float* from = x, to = y)
            fixed (int* runs = offsets) kernels.Pool<MaxPooling>(from, 20, runs, 1, 20, to, 20);
            Assert.Equal(Enumerable.Range(0, 20).Select(c => c == 7 ? float.NaN : 0f), y);
        }
    }

    private static void Check<TPooling>(
        KernelsUnderTest kernels, int columns, Func<double[], double> pool, Func<double[], double> magnitude, string what)
        where TPooling : struct, IPooling
    {
        int stride = columns + 3;
        int rows = Offsets[^1];
        int segments = Offsets.Length - 1;
        using GuardedMemory<float> x = GuardedMemory<float>.Of(Samples.Normal(rows * stride - 3, seed: columns), atEnd: true);
        using GuardedMemory<float> y = GuardedMemory<float>.AtEnd(segments * columns);
        y.Span.Fill(5f);
        fixed (int* offsets = Offsets) kernels.Pool<TPooling>(x.Pointer, stride, offsets, segments, columns, y.Pointer, columns);
        y.AssertNothingElseWritten();
        for (int s = 0; s < segments; s++)
        {
            for (int c = 0; c < columns; c++)
            {
                double[] run = [.. Enumerable.Range(Offsets[s], Offsets[s + 1] - Offsets[s]).Select(r => (double)x.Span[r * stride + c])];
                Tolerance.Accumulated(run.Length).Check(
                    [pool(run)], [y.Span[s * columns + c]], $"{what}, run {s}, column {c} of {columns}", magnitude(run));
            }
        }
    }
}
