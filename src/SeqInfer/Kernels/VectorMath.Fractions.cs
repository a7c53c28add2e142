using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

/// <summary>Sigmoid and tanh before their divisions, so that a formula with several of them divides once.</summary>
internal static partial class VectorMath
{
    // e^43 = 4.7e18: the product of two such denominators and one of tanh is finite, and a sigmoid of 2e-19 rather than less adds nothing
    private const float NegatedHighest = 43f;

    /// <summary>e with sigmoid(x) = 1 / (1 + e): <c>e^-x</c>, at most 4.7e18, with which the sigmoid stays at 2.1e-19 below x = -43. NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpNegated<V>(V x)
        where V : unmanaged, ISimd<V> =>
        ExpInRange(V.Max(V.Broadcast(ExpLowest), V.Min(V.Broadcast(NegatedHighest), -x)));

    /// <summary>n with tanh(x) = n / <see cref="TanhDenominator"/>(n), accurate in relation to x near 0; NaN for NaN.</summary>
    /// <remarks>With m = e^(-2|x|) - 1, tanh |x| = -m / (m + 2), which cancels nowhere.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V TanhNumerator<V>(V x)
        where V : unmanaged, ISimd<V> =>
        WithSignOf(V.Abs(Expm1NonPositive((x + x) | V.BroadcastInt32(SignBit))), x);

    /// <summary>The denominator, in 1..2, that belongs to a <see cref="TanhNumerator"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V TanhDenominator<V>(V numerator)
        where V : unmanaged, ISimd<V> =>
        V.Broadcast(2f) - V.Abs(numerator);

    /// <summary>Hyperbolic tangent as <see cref="Tanh"/>, with the faster division of each width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V TanhQuotient<V>(V x)
        where V : unmanaged, ISimd<V>
    {
        V numerator = TanhNumerator(x);
        return V.Quotient(numerator, TanhDenominator(numerator));
    }
}
