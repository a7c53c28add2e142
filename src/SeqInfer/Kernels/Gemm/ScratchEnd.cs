using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>The end of tiles by way of scratch, where the activation is too long to be inlined for every row or columns do not fill the panel.</summary>
internal readonly unsafe struct ScratchEnd<V, TOp> : ITileEnd<V>
    where V : unmanaged, ISimd<V>
    where TOp : struct, IUnaryOp
{
    private readonly LinearOutput _output;
    private readonly float* _scratch;
    private readonly int _width;
    private readonly int _columns;
    private readonly TOp _op;

    /// <summary>The end of all tiles of one panel.</summary>
    /// <param name="output">The result from the first tile's first element on, with a bias.</param>
    /// <param name="scratch">Room for a tile.</param>
    /// <param name="width">Columns of the panel.</param>
    /// <param name="columns">Columns of the result that the panel has.</param>
    /// <param name="op">The activation.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ScratchEnd(in LinearOutput output, float* scratch, int width, int columns, TOp op)
    {
        _output = output;
        _scratch = scratch;
        _width = width;
        _columns = columns;
        _op = op;
    }

    public static bool ReadsAhead => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadAhead Ahead(int first) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Bias(int vector) => V.Load(_output.Bias + (vector * V.Width));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(int first, int row, V sum) => sum.Store(_scratch + (row * V.Width));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(int first, int row, V sum0, V sum1)
    {
        float* p = _scratch + (row * 2 * V.Width);
        sum0.Store(p);
        sum1.Store(p + V.Width);
    }

    public void Complete(int first, int rows)
    {
        LinearOutput target = new LinearOutput(_output.Y, _output.YStride, null, _output.Residual, _output.ResidualStride).At(first, 0);
        ScratchTile<V>.Complete(_scratch, _width, rows, _columns, in target, _op);
    }
}
