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

/// <summary>Chooses the end of tiles. It knows panels beside each other as rows below each other.</summary>
internal static unsafe class TileEnds<V, TStorage>
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    /// <summary>Whether an activation is short enough to be inlined for every row of a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsCheap<TOp>()
        where TOp : struct, IUnaryOp => typeof(TOp) == typeof(Identity) || typeof(TOp) == typeof(Relu);

    /// <summary>Calls the visitor with the end that suits.</summary>
    /// <param name="output">The result from the first panel's first column on, with a bias.</param>
    /// <param name="columns">The panels.</param>
    /// <param name="scratch">Room for a tile.</param>
    /// <param name="op">The activation.</param>
    /// <param name="visitor">Runs the tiles.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Visit<TOp, TVisitor>(in LinearOutput output, in TileColumns columns, float* scratch, TOp op, TVisitor visitor)
        where TOp : struct, IUnaryOp
        where TVisitor : struct, ITileEndVisitor<V>
    {
        if (TStorage.IsInteger)
        {
            visitor.Visit(new IntegerEnd<V, TOp>(in output, in columns, scratch, op));
            return;
        }

        bool isRow = columns.Panels > 1;
        nint yStride = isRow ? V.Width : output.YStride;
        nint residualStride = isRow ? V.Width : output.ResidualStride;
        LinearOutput target = new(output.Y, yStride, output.Bias, output.Residual, residualStride);
        int width = columns.Vectors * V.Width;
        int count = isRow ? width : columns.Count;
        if (!IsCheap<TOp>() || (count < width && columns.Vectors > 1))
            visitor.Visit(new ScratchEnd<V, TOp>(in target, scratch, width, count, op));
        else if (output.Residual == null)
            visitor.Visit(new DirectEnd<V, TOp, Count0>(in target, count, op));
        else
            visitor.Visit(new DirectEnd<V, TOp, Count1>(in target, count, op));
    }
}
