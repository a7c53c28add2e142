using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>
/// First stage of a GRU whose reset gate acts before the product (Cho et al. 2014, as first published); gates r, z. Gives r * h and leaves z in
/// the place of a second state.
/// </summary>
internal readonly struct ResetFirstGates : ICell
{
    public static int Gates => 2;

    public static bool HasCandidateApart => false;

    public static bool HasCellState => true;

    public static bool HasAttention => false;

    public static bool IsSecondStage => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Activate<V>(int gate, V x)
        where V : unmanaged, ISimd<V> =>
        VectorMath.ExpNegated(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(Gates<V> gates, V candidate, V candidateBias, V attention, V h, ref V c)
        where V : unmanaged, ISimd<V>
    {
        V one = V.Broadcast(1f);
        c = V.Quotient(one, one + gates.Second);
        return V.Quotient(h, one + gates.First);
    }
}
