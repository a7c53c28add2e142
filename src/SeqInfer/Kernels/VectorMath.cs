using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

/// <summary>
/// Elementary functions of a vector, inlined so that recurrent cells, attention and epilogues apply them in registers.
/// </summary>
/// <remarks>
/// Every function is a fixed chain of lane-wise operations, so a value's result is the same, bit for bit, at every width and in every
/// lane. Polynomials are minimax fits (Remez exchange), their low coefficients rounded to fp32 before the rest was fitted.
/// </remarks>
internal static partial class VectorMath
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts: the first has 15 significant bits, so its product with an 8-bit n is exact
    private const float Ln2High = 0.693145752f;
    private const float Ln2Low = 1.42860677e-6f;

    // 1.5 * 2^23: adding it leaves the nearest integer in the low mantissa bits
    private const float RoundingShift = 12582912f;

    private const int OneBits = 0x3F800000;
    private const int SignBit = int.MinValue;

    /// <summary>
    /// Splits x into n ln 2 + r with integral n and |r| at most ln 2 / 2. <paramref name="shifted"/> holds n in its low bits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ReduceByLn2<V>(V x, out V n, out V shifted)
        where V : unmanaged, ISimd<V>
    {
        V shift = V.Broadcast(RoundingShift);
        shifted = V.Fma(x, V.Broadcast(Log2E), shift);
        n = shifted - shift;
        return V.Fnma(n, V.Broadcast(Ln2Low), V.Fnma(n, V.Broadcast(Ln2High), x));
    }

    /// <summary><c>magnitude</c>, which is not negative, with the sign of <paramref name="sign"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V WithSignOf<V>(V magnitude, V sign)
        where V : unmanaged, ISimd<V> =>
        magnitude | (sign & V.BroadcastInt32(SignBit));
}
