using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>y = activation(x W^T + bias) + residual for the units of one panel.</summary>
internal static unsafe class PanelTiles<V, TStorage, TKernel>
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
    where TKernel : struct, IPanelKernel<V>
{
    /// <summary>Computes all rows.</summary>
    /// <param name="x">[rows, steps], read in place.</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x and of the result.</param>
    /// <param name="weights">W, a plain matrix.</param>
    /// <param name="panel">A panel of as many vectors as the kernel takes.</param>
    /// <param name="output">The result from the panel's first column on, with a bias that is readable up to the end of the panel.</param>
    /// <param name="scratch"><see cref="ScratchTile{V}.Length"/> floats.</param>
    /// <param name="op">The activation.</param>
    [MethodImpl(Kernel.Compiled)]
    public static void Run<TOp>(
        float* x, nint xStride, int rows, PackedMatrix<V, TStorage> weights, int panel, in LinearOutput output, float* scratch, TOp op)
        where TOp : struct, IUnaryOp
    {
        int count = Math.Min(weights.Units - (panel * weights.PanelUnits), weights.PanelUnits);
        TileColumns columns = new(1, TKernel.Vectors, count, weights.Factors(panel));
        Visitor visitor = new(x, xStride, rows, weights.Panel(panel), weights.Steps);
        TileEnds<V, TStorage>.Visit(in output, in columns, scratch, op, visitor);
    }

    private readonly struct Visitor(float* x, nint xStride, int rows, byte* panel, int steps) : ITileEndVisitor<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Visit<TEnd>(in TEnd end)
            where TEnd : struct, ITileEnd<V> => RowTiles<V, TKernel>.Run(x, xStride, rows, panel, steps, in end);
    }
}
