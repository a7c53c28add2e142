using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

internal static partial class VectorMath
{
    /// <summary>Hyperbolic tangent: at most 3 ulp, so accurate in relation to x near 0; ±1 at ±infinity, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : unmanaged, ISimd<V>
    {
        V numerator = TanhNumerator(x);
        return numerator / TanhDenominator(numerator);
    }
}
