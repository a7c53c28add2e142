using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Pooling;

/// <summary>Pools runs of rows into one row each.</summary>
/// <remarks>Lanes run over columns; rows are taken in ascending order. Strides count elements.</remarks>
internal static unsafe class PoolingKernel
{
    /// <summary>
    /// Row s of y pools the rows offsets[s]..offsets[s + 1]-1 of x. No rows give zeros, as PyTorch's EmbeddingBag.
    /// </summary>
    [MethodImpl(Kernel.Compiled)]
    public static void Segments<V, TPooling>(
        float* x, nint xStride, int* offsets, int segments, int columns, float* y, nint yStride)
        where V : unmanaged, ISimd<V>
        where TPooling : struct, IPooling
    {
        for (int s = 0; s < segments; s++)
        {
            Rows<V, TPooling>(x + offsets[s] * xStride, xStride, offsets[s + 1] - offsets[s], columns, y + s * yStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rows<V, TPooling>(float* x, nint xStride, int rows, int columns, float* y)
        where V : unmanaged, ISimd<V>
        where TPooling : struct, IPooling
    {
        if (rows == 0)
        {
            new Span<float>(y, columns).Clear();
            return;
        }

        int c = 0;
        for (; c <= columns - 4 * V.Width; c += 4 * V.Width) FourVectors<V, TPooling>(x + c, xStride, rows, y + c);
        for (; c < columns; c += V.Width) OneVector<V, TPooling>(x + c, xStride, rows, Math.Min(V.Width, columns - c), y + c);
    }

    // Four independent chains of additions hide their latency
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourVectors<V, TPooling>(float* x, nint xStride, int rows, float* y)
        where V : unmanaged, ISimd<V>
        where TPooling : struct, IPooling
    {
        V a = TPooling.Start<V>();
        V b = a;
        V c = a;
        V d = a;
        for (int r = 0; r < rows; r++, x += xStride)
        {
            a = TPooling.Accumulate(a, V.Load(x));
            b = TPooling.Accumulate(b, V.Load(x + V.Width));
            c = TPooling.Accumulate(c, V.Load(x + 2 * V.Width));
            d = TPooling.Accumulate(d, V.Load(x + 3 * V.Width));
        }

        TPooling.Finish(a, rows).Store(y);
        TPooling.Finish(b, rows).Store(y + V.Width);
        TPooling.Finish(c, rows).Store(y + 2 * V.Width);
        TPooling.Finish(d, rows).Store(y + 3 * V.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneVector<V, TPooling>(float* x, nint xStride, int rows, int count, float* y)
        where V : unmanaged, ISimd<V>
        where TPooling : struct, IPooling
    {
        V a = TPooling.Start<V>();
        for (int r = 0; r < rows; r++, x += xStride) a = TPooling.Accumulate(a, V.LoadPartial(x, count));
        TPooling.Finish(a, rows).StorePartial(y, count);
    }
}
