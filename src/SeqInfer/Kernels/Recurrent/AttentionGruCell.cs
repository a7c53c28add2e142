using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>GRU whose update gate is the step's attention itself (Zhou et al. 2019, AGRU); gates r, u, n, of which u is not used.</summary>
internal readonly struct AttentionGruCell : ICell
{
    public static int Gates => 3;

    public static bool HasCandidateApart => true;

    public static bool HasCellState => false;

    public static bool HasAttention => true;

    public static bool IsSecondStage => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Activate<V>(int gate, V x)
        where V : unmanaged, ISimd<V> =>
        VectorMath.ExpNegated(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(Gates<V> gates, V candidate, V candidateBias, V attention, V h, ref V c)
        where V : unmanaged, ISimd<V>
    {
        V n = VectorMath.TanhQuotient(candidate + (V.Quotient(gates.Third + candidateBias, V.Broadcast(1f) + gates.First)));
        return V.Fma(attention, n - h, h);
    }
}
