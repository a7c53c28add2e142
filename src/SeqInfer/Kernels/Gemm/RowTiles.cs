using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>Cuts rows into tiles for a micro-kernel.</summary>
internal static unsafe class RowTiles<V, TKernel>
    where V : unmanaged, ISimd<V>
    where TKernel : struct, IPanelKernel<V>
{
    /// <summary>How many tiles there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountFor(int rows) => (rows + TKernel.MaxRows - 1) / TKernel.MaxRows;

    /// <summary>
    /// Computes all rows for one panel. Tiles are of nearly equal height, all those of one height together: a last one of a row or two would
    /// wait for its few sums.
    /// </summary>
    /// <param name="x">[rows, steps], read in place.</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x.</param>
    /// <param name="panel">First row of the panel.</param>
    /// <param name="steps">How many rows the panel has.</param>
    /// <param name="end">What becomes of the sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TEnd>(float* x, nint xStride, int rows, byte* panel, int steps, in TEnd end)
        where TEnd : struct, ITileEnd<V>
    {
        if (rows <= TKernel.MaxRows)
        {
            if (rows > 0) TKernel.Run(rows, 1, 0, x, xStride, panel, steps, in end);
            return;
        }

        int tiles = CountFor(rows);
        int height = rows / tiles;
        int taller = rows - (tiles * height);
        int split = taller * (height + 1);
        if (taller > 0) TKernel.Run(height + 1, taller, 0, x, xStride, panel, steps, in end);
        TKernel.Run(height, tiles - taller, split, x + (split * xStride), xStride, panel, steps, in end);
    }
}
