using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>Long short-term memory (Hochreiter and Schmidhuber 1997) as torch.nn.LSTM has it; gates i, f, g, o.</summary>
internal readonly struct LstmCell : ICell
{
    public static int Gates => 4;

    public static bool HasCandidateApart => false;

    public static bool HasCellState => true;

    public static bool HasAttention => false;

    public static bool IsSecondStage => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Activate<V>(int gate, V x)
        where V : unmanaged, ISimd<V> =>
        gate == 2 ? VectorMath.TanhNumerator(x) : VectorMath.ExpNegated(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Step<V>(Gates<V> gates, V candidate, V candidateBias, V attention, V h, ref V c)
        where V : unmanaged, ISimd<V>
    {
        V one = V.Broadcast(1f);
        V f = one + gates.Second;
        V ig = (one + gates.First) * VectorMath.TanhDenominator(gates.Third);

        // The logistic functions are 1 / (1 + gate): both terms over one denominator
        c = V.Quotient(V.Fma(c, ig, gates.Third * f), f * ig);
        V tanh = VectorMath.TanhNumerator(c);
        return V.Quotient(tanh, (one + gates.Fourth) * VectorMath.TanhDenominator(tanh));
    }
}
