using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>Stores a tile's bare sums, [rows, vectors * Width].</summary>
internal readonly unsafe struct SumTile<V, TVectors>(float* sums) : ITile<V>
    where V : unmanaged, ISimd<V>
    where TVectors : struct, ICount
{
    private readonly float* _sums = sums;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Start(int row, int vector) => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(int row, V c0, V c1, V c2, V c3)
    {
        float* p = _sums + (row * TVectors.Value * V.Width);
        c0.Store(p);
        if (TVectors.Value > 1) c1.Store(p + V.Width);
        if (TVectors.Value > 2) c2.Store(p + (2 * V.Width));
        if (TVectors.Value > 3) c3.Store(p + (3 * V.Width));
    }
}
