using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>y = activation(x W^T + bias) + residual for the units of one panel: cuts the rows into tiles for a micro-kernel.</summary>
internal static unsafe class PanelTiles<V, TKernel>
    where V : unmanaged, ISimd<V>
    where TKernel : struct, IPanelKernel<V>
{
    /// <summary>Floats of scratch.</summary>
    public static int ScratchLength => TKernel.MaxRows * TKernel.Vectors * V.Width;

    /// <summary>Computes all rows.</summary>
    /// <param name="x">[rows, depth], read in place.</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x and of the result.</param>
    /// <param name="panel">First row of the panel.</param>
    /// <param name="depth">How many products.</param>
    /// <param name="output">The result from the panel's first column on, with a bias that is readable up to the end of the panel.</param>
    /// <param name="columns">Columns of the result that the panel has.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats.</param>
    /// <param name="op">The activation.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TOp>(
        float* x, nint xStride, int rows, byte* panel, int depth, in LinearOutput output, int columns, float* scratch, TOp op)
        where TOp : struct, IUnaryOp =>
        TileEnds<V>.Visit(in output, TKernel.Vectors, columns, scratch, op, new Visitor(x, xStride, rows, panel, depth));

    private readonly struct Visitor(float* x, nint xStride, int rows, byte* panel, int depth) : ITileEndVisitor<V>
    {
        // Tiles of nearly equal height, all those of one height together: a last one of a row or two would wait for its few sums.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Visit<TEnd>(in TEnd end)
            where TEnd : struct, ITileEnd<V>
        {
            int maxRows = TKernel.MaxRows;
            if (rows <= maxRows)
            {
                if (rows > 0) TKernel.Run(rows, 1, 0, x, xStride, panel, depth, in end);
                return;
            }

            int tiles = (rows + maxRows - 1) / maxRows;
            int height = rows / tiles;
            int taller = rows - (tiles * height);
            int split = taller * (height + 1);
            if (taller > 0) TKernel.Run(height + 1, taller, 0, x, xStride, panel, depth, in end);
            TKernel.Run(height, tiles - taller, split, x + (split * xStride), xStride, panel, depth, in end);
        }
    }
}
