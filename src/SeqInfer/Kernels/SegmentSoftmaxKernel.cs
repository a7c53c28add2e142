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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

            for (int c = 0; c < columns; c += V.Width)
                Columns<V>(x + (offsets[s] * xStride) + c, xStride, rows, Math.Min(V.Width, columns - c), y + (offsets[s] * yStride) + c, yStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns<V>(float* x, nint xStride, int rows, int count, float* y, nint yStride)
        where V : unmanaged, ISimd<V>
    {
        V max = V.Broadcast(float.NegativeInfinity);
        for (int r = 0; r < rows; r++) max = V.Max(max, V.LoadPartial(x + (r * xStride), count));

        // Subtracting 0 instead of -infinity turns masked columns into exp(-infinity) = 0
        V masked = V.Equal(max, V.Broadcast(float.NegativeInfinity));
        max = V.Select(masked, V.Zero, max);
        V sum = V.Zero;
        for (int r = 0; r < rows; r++)
        {
            V e = VectorMath.ExpNonPositive(V.LoadPartial(x + (r * xStride), count) - max);
            sum += e;
            e.StorePartial(y + (r * yStride), count);
        }

        V scale = V.Broadcast(1f) / V.Select(masked, V.Broadcast(1f), sum);
        for (int r = 0; r < rows; r++) (V.LoadPartial(y + (r * yStride), count) * scale).StorePartial(y + (r * yStride), count);
    }
}
