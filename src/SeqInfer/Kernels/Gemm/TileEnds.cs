using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>Something to do with the end of tiles as the type that kernels are compiled for.</summary>
internal interface ITileEndVisitor<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>Does it.</summary>
    void Visit<TEnd>(in TEnd end)
        where TEnd : struct, ITileEnd<V>;
}

/// <summary>Chooses the end of the tiles of one panel.</summary>
internal static unsafe class TileEnds<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>Calls the visitor with the end that suits.</summary>
    /// <param name="output">The result from the panel's first column on, with a bias.</param>
    /// <param name="vectors">Vectors of the panel.</param>
    /// <param name="columns">Columns of the result that the panel has.</param>
    /// <param name="scratch">Room for a tile.</param>
    /// <param name="op">The activation.</param>
    /// <param name="visitor">Runs the tiles.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Visit<TOp, TVisitor>(in LinearOutput output, int vectors, int columns, float* scratch, TOp op, TVisitor visitor)
        where TOp : struct, IUnaryOp
        where TVisitor : struct, ITileEndVisitor<V>
    {
        int width = vectors * V.Width;
        bool isCheap = typeof(TOp) == typeof(Identity) || typeof(TOp) == typeof(Relu);
        if (!isCheap || (columns < width && vectors > 1))
            visitor.Visit(new ScratchEnd<V, TOp>(in output, scratch, width, columns, op));
        else if (output.Residual == null)
            visitor.Visit(new DirectEnd<V, TOp, Count0>(in output, columns, op));
        else
            visitor.Visit(new DirectEnd<V, TOp, Count1>(in output, columns, op));
    }
}
