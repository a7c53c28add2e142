using SeqInfer.Kernels;
using SeqInfer.Kernels.Embedding;
using SeqInfer.Kernels.Pooling;
using SeqInfer.Kernels.Reductions;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Tests.Kernels;

/// <inheritdoc/>
internal sealed unsafe class KernelsUnderTest<V> : KernelsUnderTest
    where V : unmanaged, ISimd<V>
{
    public override int Width => V.Width;

    public override void Unary<TOp>(float* x, float* y, int n, TOp op) => Elementwise.Apply<V, TOp>(x, y, n, op);

    public override void UnaryRows<TOp>(float* x, nint xStride, float* y, nint yStride, int rows, int columns, TOp op) =>
        Elementwise.ApplyRows<V, TOp>(x, xStride, y, yStride, rows, columns, op);

    public override void Binary<TOp>(float* a, float* b, float* y, int n) => Elementwise.Binary<V, TOp>(a, b, y, n, default);

    public override void BinaryRows<TOp>(
        float* a, nint aStride, float* b, nint bStride, float* y, nint yStride, int rows, int columns) =>
        Elementwise.BinaryRows<V, TOp>(a, aStride, b, bStride, y, yStride, rows, columns, default);

    public override void BinaryColumn<TOp>(float* a, nint aStride, float* b, float* y, nint yStride, int rows, int columns) =>
        Elementwise.BinaryColumn<V, TOp>(a, aStride, b, y, yStride, rows, columns, default);

    public override void ScaleShiftRows(
        float* x, nint xStride, float* scale, float* shift, float* y, nint yStride, int rows, int columns) =>
        Elementwise.ScaleShiftRows<V>(x, xStride, scale, shift, y, yStride, rows, columns);

    public override float Reduce<TReduction>(float* x, int n, TReduction reduction) => RowReduction.Of<V, TReduction>(x, n, reduction);

    public override void Softmax(float* x, nint xStride, float* y, nint yStride, int rows, int columns) =>
        SoftmaxKernel.Rows<V>(x, xStride, y, yStride, rows, columns);

    public override void LogSoftmax(float* x, nint xStride, float* y, nint yStride, int rows, int columns) =>
        LogSoftmaxKernel.Rows<V>(x, xStride, y, yStride, rows, columns);

    public override void LayerNorm(
        float* x, nint xStride, float* y, nint yStride, int rows, int columns, LayerNormParameters parameters) =>
        LayerNormKernel.Rows<V>(x, xStride, y, yStride, rows, columns, parameters);

    public override void LayerNormResidual(
        float* x, nint xStride, float* residual, nint residualStride, float* sum, nint sumStride, float* y, nint yStride,
        int rows, int columns, LayerNormParameters parameters) =>
        LayerNormKernel.ResidualRows<V>(x, xStride, residual, residualStride, sum, sumStride, y, yStride, rows, columns, parameters);

    public override void Transpose(float* rows, nint stride, int count, int columns, float* target, nint targetStride) =>
        Transpose<V>.Rows(rows, stride, count, columns, target, targetStride);

    public override void Transpose(float** rows, int columns, float* target, nint targetStride) =>
        Transpose<V>.Rows(rows, columns, target, targetStride);

    public override void L2Normalize(float* x, nint xStride, float* y, nint yStride, int rows, int columns, float epsilon) =>
        L2NormalizeKernel.Rows<V>(x, xStride, y, yStride, rows, columns, epsilon);

    public override void Pool<TPooling>(float* x, nint xStride, int* offsets, int segments, int columns, float* y, nint yStride) =>
        PoolingKernel.Segments<V, TPooling>(x, xStride, offsets, segments, columns, y, yStride);

    public override void Gather<TFormat, TElement>(
        TElement* table, nint tableStride, int* ids, int count, int columns, float scale, float* y, nint yStride) =>
        GatherRows.Apply<V, TFormat, TElement>(table, tableStride, ids, count, columns, scale, y, yStride);

    public override void GatherAdd<TFormat, TElement>(
        TElement* table, nint tableStride, int* ids, int count, int columns, float* y, nint yStride) =>
        GatherRows.Add<V, TFormat, TElement>(table, tableStride, ids, count, columns, y, yStride);

    public override void GatherTwo<TFormat, TElement>(
        TElement* table, nint tableStride, int* ids, float scale, TElement* second, nint secondStride, int* secondIds,
        int count, int columns, float* y, nint yStride) =>
        GatherRows.ApplyTwo<V, TFormat, TElement>(
            table, tableStride, ids, scale, second, secondStride, secondIds, count, columns, y, yStride);

    public override TResult Run<TVisitor, TResult>(TVisitor visitor) => visitor.Visit<V>();
}
