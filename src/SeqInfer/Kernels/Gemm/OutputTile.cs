using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>
/// The end of a tile in registers, where all its columns exist, the activation is cheap and nothing else is added: ReLU or nothing. Sums start with the bias.
/// Kept short: the JIT inlines it once for every row and gives up beyond a budget.
/// </summary>
internal readonly unsafe struct OutputTile<V> : ITile<V>
    where V : unmanaged, ISimd<V>
{
    private readonly float* _y;
    private readonly nint _yStride;
    private readonly float* _bias;
    private readonly nint _biasStride;
    private readonly V _floor;

    /// <summary>A tile at the first element of <paramref name="y"/>.</summary>
    /// <param name="y">The tile's first element.</param>
    /// <param name="yStride">Floats from one row to the next.</param>
    /// <param name="bias">One value a column of the tile.</param>
    /// <param name="biasStride">Floats from the bias of one row to that of the next: 0, or the width where panels stand for rows.</param>
    /// <param name="relu">Whether negative values become 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public OutputTile(float* y, nint yStride, float* bias, nint biasStride, bool relu)
    {
        _y = y;
        _yStride = yStride;
        _bias = bias;
        _biasStride = biasStride;
        _floor = V.Broadcast(relu ? 0 : float.NegativeInfinity);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Start(int row, int vector) => V.Load(_bias + (row * _biasStride) + (vector * V.Width));

    // Max gives its second argument where one is NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(int row, V c0, V c1, V c2, V c3)
    {
        float* y = _y + (row * _yStride);
        V.Max(_floor, c0).Store(y);
        V.Max(_floor, c1).Store(y + V.Width);
    }
}
