using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

internal static partial class VectorMath
{
    /// <summary><c>1 / (1 + e^-x)</c>: at most 2 ulp over the whole range, gradual underflow to 0, NaN for NaN.</summary>
    /// <remarks>
    /// Only e^-|x|, which cannot overflow, is formed: negative x use e^x / (1 + e^x). The sum's rounding alone could cost a whole ulp of
    /// the quotient there, so it is recovered and taken off again.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x)
        where V : unmanaged, ISimd<V>
    {
        V one = V.Broadcast(1f);
        V e = ExpNonPositive(x | V.BroadcastInt32(SignBit));
        V sum = one + e;
        V lost = e - (sum - one);
        V quotient = V.Select(V.LessThan(x, V.Zero), e, one) / sum;
        return V.Fnma(quotient, lost, quotient);
    }
}
