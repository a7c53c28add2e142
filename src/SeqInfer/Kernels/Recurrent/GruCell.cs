using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>
/// Gated recurrent unit (Cho et al. 2014) as torch.nn.GRU has it; gates r, z, n. The reset gate multiplies the recurrent part of n after its
/// bias was added.
/// </summary>
internal readonly struct GruCell : ICell
{
    public static int Gates => 3;

    public static bool HasCandidateApart => true;

    public static bool HasCellState => false;

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
        V n = VectorMath.TanhNumerator(candidate + (V.Quotient(gates.Third + candidateBias, one + gates.First)));
        V denominator = VectorMath.TanhDenominator(n);

        // The logistic functions are 1 / (1 + gate), so 1 - z is gate / (1 + gate)
        return V.Quotient(V.Fma(n, gates.Second, h * denominator), (one + gates.Second) * denominator);
    }
}
