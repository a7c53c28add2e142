using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

internal static partial class VectorMath
{
    // Beyond these the result is 0 or infinity in fp32 already
    private const float ExpLowest = -104f;
    private const float ExpHighest = 89f;

    // 2^-57: expm1 has been -1 in fp32 for long
    private const float Expm1Lowest = -40f;

    /// <summary><c>e^x</c>: at most 1.1 ulp, overflow to infinity, gradual underflow to 0, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : unmanaged, ISimd<V> =>
        ExpInRange(V.Max(V.Broadcast(ExpLowest), V.Min(V.Broadcast(ExpHighest), x)));

    /// <summary>
    /// <c>e^x</c> for x that is at most 0, -infinity or NaN: the same bits as <see cref="Exp"/> with one operation less.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpNonPositive<V>(V x)
        where V : unmanaged, ISimd<V> =>
        ExpInRange(V.Max(V.Broadcast(ExpLowest), x));

    /// <summary><c>e^x - 1</c> for x that is at most 0, -infinity or NaN: at most 1 ulp, near 0 too; +0 for both zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Expm1NonPositive<V>(V x)
        where V : unmanaged, ISimd<V>
    {
        V r = ReduceByLn2(V.Max(V.Broadcast(Expm1Lowest), x), out _, out V shifted);
        V r2 = r * r;
        V low = V.Fma(V.Broadcast(1.6666636e-1f), r, V.Broadcast(0.5f));
        V middle = V.Fma(V.Broadcast(8.34151e-3f), r, V.Broadcast(4.166651e-2f));
        V high = V.Fma(V.Broadcast(1.5045587e-4f), r, V.Broadcast(1.3930543e-3f));
        V expm1 = V.Fma(V.Fma(V.Fma(high, r2, middle), r2, low), r2, r);

        // e^x - 1 = 2^n (e^r - 1) + (2^n - 1), and the last term is exact
        V pow2 = V.AddInt32(V.ShiftLeftInt32(shifted, 23), V.BroadcastInt32(OneBits));
        return V.Fma(pow2, expm1, pow2 - V.Broadcast(1f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpInRange<V>(V x)
        where V : unmanaged, ISimd<V>
    {
        V r = ReduceByLn2(x, out V n, out _);
        V r2 = r * r;
        V low = V.Fma(V.Broadcast(1.6666517e-1f), r, V.Broadcast(4.9999994e-1f));
        V middle = V.Fma(V.Broadcast(8.36914e-3f), r, V.Broadcast(4.1668106e-2f));
        V high = V.Fma(V.Broadcast(1.3836714e-3f), r2, middle);
        V expm1 = V.Fma(V.Fma(high, r2, low), r2, r);
        return V.ScaleByPow2(expm1 + V.Broadcast(1f), n);
    }
}
