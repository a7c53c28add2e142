using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>Second stage after <see cref="ResetFirstGates"/>: n from the product with r * h; h' = (1 - z) * n + z * h, where z is in c.</summary>
internal readonly struct ResetFirstCandidate : ICell
{
    public static int Gates => 1;

    public static bool HasCandidateApart => false;

    public static bool HasCellState => true;

    public static bool HasAttention => false;

    public static bool IsSecondStage => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Activate<V>(int gate, V x)
        where V : unmanaged, ISimd<V> =>
        VectorMath.TanhQuotient(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(Gates<V> gates, V candidate, V candidateBias, V attention, V h, ref V c)
        where V : unmanaged, ISimd<V> => V.Fma(c, h, (V.Broadcast(1f) - c) * gates.First);
}
