using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels;

/// <summary>A row's result depends on nothing but the row: not on how many rows there are, where it stands, or the strides.</summary>
public sealed unsafe class RowIndependenceTests
{
    private const int Rows = 37;

    private delegate void RowKernel(KernelsUnderTest kernels, float* x, nint xStride, float* y, nint yStride, int rows, int columns);

    public static TheoryData<Isa> AllIsas => KernelsUnderTest.AllIsas;

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Results_are_bit_identical_alone_and_in_a_batch(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        foreach (int columns in new[] { 1, 3, 16, 50, 64, 65, 200, 300 })
        {
            Check("softmax", (k, x, xs, y, ys, r, c) => k.Softmax(x, xs, y, ys, r, c));
            Check("log-softmax", (k, x, xs, y, ys, r, c) => k.LogSoftmax(x, xs, y, ys, r, c));
            Check("layer norm", (k, x, xs, y, ys, r, c) => k.LayerNorm(x, xs, y, ys, r, c, new(null, null, 1e-5f, unbiasedStd: false)));
            Check("layer norm with residual", (k, x, xs, y, ys, r, c) =>
                k.LayerNormResidual(x, xs, x, xs, y, ys, y, ys, r, c, new(null, null, 1e-5f, unbiasedStd: true)));
            Check("L2 norm", (k, x, xs, y, ys, r, c) => k.L2Normalize(x, xs, y, ys, r, c, 1e-12f));

            void Check(string what, RowKernel kernel)
            {
                int stride = columns + 5;
                float[] x = Samples.Normal(Rows * stride, seed: columns);
                float[] batch = new float[Rows * columns];
                float[] alone = new float[columns + 1];
                fixed (float* from = x, to = batch, toAlone = alone)
                {
                    kernel(kernels, from, stride, to, columns, Rows, columns);
                    for (int r = 0; r < Rows; r++)
                    {
                        kernel(kernels, from + r * stride, 0, toAlone + r % 2, 0, 1, columns);
                        Tolerance.Exact.Check(
                            batch.AsSpan(r * columns, columns), alone.AsSpan(r % 2, columns), $"{what}, row {r} of {columns} columns");
                    }
                }
            }
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Kernels_allocate_nothing(Isa isa)
    {
        const int columns = 37;
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        float[] x = Samples.Normal(Rows * columns, seed: 1);
        int[] offsets = [0, Rows];
        fixed (float* p = x)
        fixed (int* runs = offsets)
        {
            RunAll(p, runs);
            (nint values, nint segments) = ((nint)p, (nint)runs);
            Assert.Equal(0, Allocation.Of(() => RunAll((float*)values, (int*)segments)));
        }

        void RunAll(float* p, int* runs)
        {
            kernels.Softmax(p, columns, p, columns, Rows, columns);
            kernels.LogSoftmax(p, columns, p, columns, Rows, columns);
            kernels.LayerNorm(p, columns, p, columns, Rows, columns, new(null, null, 1e-5f, unbiasedStd: false));
            kernels.LayerNormResidual(p, columns, p, columns, p, columns, p, columns, Rows, columns, new(p, p, 1e-5f, unbiasedStd: true));
            kernels.L2Normalize(p, columns, p, columns, Rows, columns, 1e-12f);
            kernels.Unary<SeqInfer.Kernels.Ops.Gelu>(p, p, Rows * columns);
            kernels.Binary<SeqInfer.Kernels.Ops.Multiply>(p, p, p, Rows * columns);
            kernels.Pool<SeqInfer.Kernels.Pooling.MaxPooling>(p, columns, runs, 1, columns, p, columns);
            kernels.Gather<SeqInfer.Kernels.Embedding.F32Rows, float>(p, columns, runs, 1, columns, 1f, p + columns, columns);
        }
    }
}
