using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>The end of tiles of integer sums, by way of scratch: factors, bias, activation, residual.</summary>
internal readonly unsafe struct IntegerEnd<V, TOp> : ITileEnd<V>
    where V : unmanaged, ISimd<V>
    where TOp : struct, IUnaryOp
{
    private readonly LinearOutput _output;
    private readonly TileColumns _columns;
    private readonly float* _scratch;
    private readonly TOp _op;

    /// <summary>The end of all tiles of one panel, or of one row of several.</summary>
    /// <param name="output">The result from the first tile's first element on, with a bias.</param>
    /// <param name="columns">The panels.</param>
    /// <param name="scratch">Room for a tile.</param>
    /// <param name="op">The activation.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public IntegerEnd(in LinearOutput output, in TileColumns columns, float* scratch, TOp op)
    {
        _output = output;
        _columns = columns;
        _scratch = scratch;
        _op = op;
    }

    public static bool ReadsAhead => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadAhead Ahead(int first) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Bias(int vector) => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(int first, int row, V sum) => sum.Store(_scratch + (row * V.Width));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(int first, int row, V sum0, V sum1)
    {
        float* p = _scratch + (row * 2 * V.Width);
        sum0.Store(p);
        sum1.Store(p + V.Width);
    }

    // Of several panels, one row gave as many.
    public void Complete(int first, int rows)
    {
        int panels = _columns.Panels;
        int height = panels > 1 ? 1 : rows;
        LinearOutput target = _output.At(first, 0);
        IntegerSums<V>.Scale(_scratch, height, panels, _columns.Vectors, _columns.Factors, target.Integers);
        ScratchTile<V>.Complete(_scratch, panels * _columns.Vectors * V.Width, height, _columns.Count, in target, _op);
    }
}
