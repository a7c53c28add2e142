using SeqInfer.Kernels;
using SeqInfer.Kernels.Embedding;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Pooling;
using SeqInfer.Kernels.Reductions;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Tests.Kernels;

/// <summary>The kernels of one instruction set behind methods that a test can call without naming the vector type.</summary>
internal abstract unsafe class KernelsUnderTest
{
    /// <summary>All instruction sets, for theories.</summary>
    public static TheoryData<Isa> AllIsas => [.. Enum.GetValues<Isa>()];

    public abstract int Width { get; }

    /// <summary>The kernels of <paramref name="isa"/>; the test is skipped, visibly, where the process does not support it.</summary>
    public static KernelsUnderTest For(Isa isa)
    {
        KernelsUnderTest? kernels = IsaDispatch.TryCreate<Factory, KernelsUnderTest>(isa, default);
        Skip.If(kernels is null, $"This process does not support {IsaDetection.NameOf(isa)}.");
        return kernels!;
    }

    public abstract void Unary<TOp>(float* x, float* y, int n, TOp op = default)
        where TOp : struct, IUnaryOp;

    public abstract void UnaryRows<TOp>(float* x, nint xStride, float* y, nint yStride, int rows, int columns, TOp op = default)
        where TOp : struct, IUnaryOp;

    public abstract void Binary<TOp>(float* a, float* b, float* y, int n)
        where TOp : struct, IBinaryOp;

    public abstract void BinaryRows<TOp>(float* a, nint aStride, float* b, nint bStride, float* y, nint yStride, int rows, int columns)
        where TOp : struct, IBinaryOp;

    public abstract void BinaryColumn<TOp>(float* a, nint aStride, float* b, float* y, nint yStride, int rows, int columns)
        where TOp : struct, IBinaryOp;

    public abstract void ScaleShiftRows(float* x, nint xStride, float* scale, float* shift, float* y, nint yStride, int rows, int columns);

    public abstract float Reduce<TReduction>(float* x, int n, TReduction reduction = default)
        where TReduction : struct, IReduction;

    public abstract void Softmax(float* x, nint xStride, float* y, nint yStride, int rows, int columns);

    public abstract void LogSoftmax(float* x, nint xStride, float* y, nint yStride, int rows, int columns);

    public abstract void LayerNorm(float* x, nint xStride, float* y, nint yStride, int rows, int columns, LayerNormParameters parameters);

    public abstract void LayerNormResidual(
        float* x, nint xStride, float* residual, nint residualStride, float* sum, nint sumStride, float* y, nint yStride,
        int rows, int columns, LayerNormParameters parameters);

    public abstract void Transpose(float* rows, nint stride, int count, int columns, float* target, nint targetStride);

    public abstract void Transpose(float** rows, int columns, float* target, nint targetStride);

    public abstract void L2Normalize(float* x, nint xStride, float* y, nint yStride, int rows, int columns, float epsilon);

    public abstract void Pool<TPooling>(float* x, nint xStride, int* offsets, int segments, int columns, float* y, nint yStride)
        where TPooling : struct, IPooling;

    public abstract void Gather<TFormat, TElement>(
        TElement* table, nint tableStride, int* ids, int count, int columns, float scale, float* y, nint yStride)
        where TFormat : struct, IRowFormat<TElement>
        where TElement : unmanaged;

    public abstract void GatherAdd<TFormat, TElement>(
        TElement* table, nint tableStride, int* ids, int count, int columns, float* y, nint yStride)
        where TFormat : struct, IRowFormat<TElement>
        where TElement : unmanaged;

    public abstract void GatherTwo<TFormat, TElement>(
        TElement* table, nint tableStride, int* ids, float scale, TElement* second, nint secondStride, int* secondIds,
        int count, int columns, float* y, nint yStride)
        where TFormat : struct, IRowFormat<TElement>
        where TElement : unmanaged;

    /// <summary>Runs code that names the vector type itself.</summary>
    public abstract TResult Run<TVisitor, TResult>(TVisitor visitor)
        where TVisitor : struct, IIsaVisitor<TResult>
        where TResult : class;

    private readonly struct Factory : IIsaVisitor<KernelsUnderTest>
    {
        public KernelsUnderTest Visit<V>()
            where V : unmanaged, ISimd<V> =>
            new KernelsUnderTest<V>();
    }
}
