using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

/// <summary>Softmax down the columns of runs of rows.</summary>
/// <remarks>Lanes run over columns; rows are taken in ascending order. Strides count elements.</remarks>
internal static unsafe class SegmentSoftmaxKernel
{
    /// <summary>
    /// The softmax of each column of the rows offsets[s]..offsets[s + 1]-1. y may be x. Where every row of a column is -infinity, zeros.
    /// </summary>
    [MethodImpl(Kernel.Compiled)]
    public static void Segments<V>(float* x, nint xStride, int* offsets, int segments, int columns, float* y, nint yStride)
        where V : unmanaged, ISimd<V>
    {
        for (int s = 0; s < segments; s++)
        {
            int rows = offsets[s + 1] - offsets[s];
            if (columns == 1 && xStride == 1 && yStride == 1)
            {
                // One column without gaps is a row
                SoftmaxKernel.Rows<V>(x + offsets[s], 0, y + offsets[s], 0, 1, rows);
                continue;
            }

            int c = 0;
            for (; c <= columns - V.Width; c += V.Width)
                Columns<V>(x + (offsets[s] * xStride) + c, xStride, rows, y + (offsets[s] * yStride) + c, yStride);
            if (c < columns)
                LastColumns<V>(x + (offsets[s] * xStride) + c, xStride, rows, columns - c, y + (offsets[s] * yStride) + c, yStride);
        }
    }

    [MethodImpl(Kernel.Compiled)]
    private static void Columns<V>(float* x, nint xStride, int rows, float* y, nint yStride)
        where V : unmanaged, ISimd<V>
    {
        V max = V.Broadcast(float.NegativeInfinity);
        for (int r = 0; r < rows; r++) max = V.Max(max, V.Load(x + (r * xStride)));
        V masked = Unmask(ref max);
        V sum = V.Zero;
        for (int r = 0; r < rows; r++)
        {
            V e = VectorMath.ExpNonPositive(V.Load(x + (r * xStride)) - max);
            sum += e;
            e.Store(y + (r * yStride));
        }

        V scale = V.Broadcast(1f) / V.Select(masked, V.Broadcast(1f), sum);
        for (int r = 0; r < rows; r++) (V.Load(y + (r * yStride)) * scale).Store(y + (r * yStride));
    }

    // A vector that fills a part of its lanes cannot be read back soon after it was stored: the exponential is computed twice instead.
    [MethodImpl(Kernel.Compiled)]
    private static void LastColumns<V>(float* x, nint xStride, int rows, int count, float* y, nint yStride)
        where V : unmanaged, ISimd<V>
    {
        V max = V.Broadcast(float.NegativeInfinity);
        for (int r = 0; r < rows; r++) max = V.Max(max, V.LoadPartial(x + (r * xStride), count));
        V masked = Unmask(ref max);
        V sum = V.Zero;
        for (int r = 0; r < rows; r++) sum += VectorMath.ExpNonPositive(V.LoadPartial(x + (r * xStride), count) - max);
        V scale = V.Broadcast(1f) / V.Select(masked, V.Broadcast(1f), sum);
        for (int r = 0; r < rows; r++)
        {
            V e = VectorMath.ExpNonPositive(V.LoadPartial(x + (r * xStride), count) - max);
            (e * scale).StorePartial(y + (r * yStride), count);
        }
    }

    // Subtracting 0 instead of -infinity turns masked columns into exp(-infinity) = 0
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Unmask<V>(ref V max)
        where V : unmanaged, ISimd<V>
    {
        V masked = V.Equal(max, V.Broadcast(float.NegativeInfinity));
        max = V.Select(masked, V.Zero, max);
        return masked;
    }
}
