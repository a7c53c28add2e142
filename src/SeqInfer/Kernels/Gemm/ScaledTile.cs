using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>Turns integer sums into values on their way to another tile.</summary>
internal readonly unsafe struct ScaledTile<V, TVectors, TTile>(TTile tile, TileFactors factors) : ITile<V>
    where V : unmanaged, ISimd<V>
    where TVectors : struct, ICount
    where TTile : struct, ITile<V>
{
    private readonly TTile _tile = tile;
    private readonly TileFactors _factors = factors;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Start(int row, int vector) => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(int row, V c0, V c1, V c2, V c3)
    {
        V factor = V.Broadcast(_factors.Rows + (row * _factors.RowStride));
        float* columns = _factors.Columns + (row * _factors.ColumnStride);
        _tile.Finish(
            row,
            Value(c0, columns, factor),
            TVectors.Value > 1 ? Value(c1, columns + V.Width, factor) : default,
            TVectors.Value > 2 ? Value(c2, columns + (2 * V.Width), factor) : default,
            TVectors.Value > 3 ? Value(c3, columns + (3 * V.Width), factor) : default);
    }

    // The row's factor is a power of two, so the product of the factors is exact.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Value(V sum, float* column, V row) => V.ConvertInt32ToSingle(sum) * (V.Load(column) * row);
}
