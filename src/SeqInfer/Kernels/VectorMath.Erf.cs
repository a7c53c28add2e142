using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

internal static partial class VectorMath
{
    // Below it a polynomial in x^2 is the shorter form, above it one for -ln(1 - erf x)
    private const float ErfSplit = 0.92f;

    // erf is 1 in fp32 from 3.84 on
    private const float ErfSaturated = 4f;

    /// <summary>Error function: at most 1.2 ulp; ±1 at ±infinity, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x)
        where V : unmanaged, ISimd<V>
    {
        V magnitude = V.Abs(x);
        return V.Select(V.LessThan(magnitude, V.Broadcast(ErfSplit)), ErfNearZero(x), WithSignOf(ErfTail(magnitude), x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ErfNearZero<V>(V x)
        where V : unmanaged, ISimd<V>
    {
        V u = x * x;
        V p = V.Fma(V.Broadcast(-6.003811e-4f), u, V.Broadcast(4.995854e-3f));
        p = V.Fma(p, u, V.Broadcast(-2.676858e-2f));
        p = V.Fma(p, u, V.Broadcast(1.1281877e-1f));
        p = V.Fma(p, u, V.Broadcast(-3.76125e-1f));
        p = V.Fma(p, u, V.Broadcast(1.2837915e-1f));
        return V.Fma(p, x, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ErfTail<V>(V magnitude)
        where V : unmanaged, ISimd<V>
    {
        V t = V.Min(V.Broadcast(ErfSaturated), magnitude);
        V q = V.Fma(V.Broadcast(-1.9593343e-4f), t, V.Broadcast(3.0432078e-3f));
        q = V.Fma(q, t, V.Broadcast(-2.2226928e-2f));
        q = V.Fma(q, t, V.Broadcast(1.0393165e-1f));
        q = V.Fma(q, t, V.Broadcast(6.371822e-1f));
        q = V.Fma(q, t, V.Broadcast(1.1276757f));
        q = V.Fma(q, t, V.Broadcast(1.9567848e-4f));
        return V.Broadcast(1f) - ExpInRange(-q);
    }
}
