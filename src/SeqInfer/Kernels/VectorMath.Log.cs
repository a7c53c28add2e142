using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

internal static partial class VectorMath
{
    private const float SmallestNormal = 1.17549435e-38f;
    private const float TwoPow23 = 8388608f;

    // sqrt(1/2): mantissas are taken from [sqrt(1/2), sqrt(2)), so that ln x near 1 loses nothing to the exponent term
    private const int SqrtHalfBits = 0x3F3504F3;

    /// <summary>Natural logarithm: at most 1 ulp, denormals included; -infinity at ±0, NaN below 0 and for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V>(V x)
        where V : unmanaged, ISimd<V>
    {
        V isTiny = V.LessThan(x, V.Broadcast(SmallestNormal));
        V scaled = V.Select(isTiny, x * V.Broadcast(TwoPow23), x);
        V exponent = V.ShiftRightInt32(V.SubtractInt32(scaled, V.BroadcastInt32(SqrtHalfBits)), 23);
        V f = V.SubtractInt32(scaled, V.ShiftLeftInt32(exponent, 23)) - V.Broadcast(1f);
        V e = V.ConvertInt32ToSingle(exponent) - (isTiny & V.Broadcast(23f));

        V f2 = f * f;
        V p = V.Fma(V.Broadcast(-7.6345064e-2f), f, V.Broadcast(1.2761593e-1f));
        p = V.Fma(p, f, V.Broadcast(-1.3160186e-1f));
        p = V.Fma(p, f, V.Broadcast(1.4201756e-1f));
        p = V.Fma(p, f, V.Broadcast(-1.6623357e-1f));
        p = V.Fma(p, f, V.Broadcast(2.0001227e-1f));
        p = V.Fma(p, f, V.Broadcast(-2.500082e-1f));
        p = V.Fma(p, f, V.Broadcast(3.333333e-1f));
        V tail = V.Fma(p, f2 * f, e * V.Broadcast(Ln2Low));
        V log = V.Fma(e, V.Broadcast(Ln2High), f + V.Fma(V.Broadcast(-0.5f), f2, tail));

        V atZero = V.Select(V.Equal(x, V.Zero), V.Broadcast(float.NegativeInfinity), V.Broadcast(float.NaN));
        V defined = V.Select(V.GreaterThan(x, V.Zero), log, atZero);
        return V.Select(V.Equal(x, V.Broadcast(float.PositiveInfinity)), x, defined);
    }
}
