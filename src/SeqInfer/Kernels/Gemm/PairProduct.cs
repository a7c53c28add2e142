using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>y = activation(x W^T + bias) + residual for the units of a <see cref="PairPanel{TStorage}"/>.</summary>
internal static unsafe class PairProduct<TStorage>
    where TStorage : struct, IWeightStorage
{
    /// <summary>Computes all rows.</summary>
    /// <param name="x">[rows, depth], read in place.</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x and of the result.</param>
    /// <param name="weights">W.</param>
    /// <param name="output">The result, apart from x; its bias readable for all units there is room for.</param>
    /// <param name="op">The activation.</param>
    [SkipLocalsInit]
    [MethodImpl(Kernel.Compiled)]
    public static void Run<TOp>(float* x, nint xStride, int rows, PairPanel<TStorage> weights, in LinearOutput output, TOp op)
        where TOp : struct, IUnaryOp
    {
        float* scratch = stackalloc float[ScratchTile<F256>.Length];
        TileColumns columns = new(1, 1, weights.Units, null);
        TileEnds<F256, TStorage>.Visit(in output, in columns, scratch, op, new Visitor(x, xStride, rows, weights.Pointer, weights.Depth));
    }

    private readonly struct Visitor(float* x, nint xStride, int rows, byte* panel, int depth) : ITileEndVisitor<F256>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Visit<TEnd>(in TEnd end)
            where TEnd : struct, ITileEnd<F256> => RowTiles<F256, PairKernel<TStorage>>.Run(x, xStride, rows, panel, depth, in end);
    }
}
