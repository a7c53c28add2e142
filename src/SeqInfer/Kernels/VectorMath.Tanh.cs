using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

internal static partial class VectorMath
{
    /// <summary>Hyperbolic tangent: at most 3 ulp, so accurate in relation to x near 0; ±1 at ±infinity, NaN for NaN.</summary>
    /// <remarks>With m = e^(-2|x|) - 1, tanh |x| = -m / (m + 2), which cancels nowhere.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : unmanaged, ISimd<V>
    {
        V m = Expm1NonPositive((x + x) | V.BroadcastInt32(SignBit));
        return WithSignOf(V.Abs(m) / (m + V.Broadcast(2f)), x);
    }
}
