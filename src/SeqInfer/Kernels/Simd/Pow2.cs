using System.Runtime.CompilerServices;

namespace SeqInfer.Kernels.Simd;

/// <summary>Scaling by powers of two where the hardware has no instruction for it.</summary>
internal static class Pow2
{
    /// <summary>
    /// <c>x * 2^n</c> under the contract of <see cref="ISimd{V}.ScaleByPow2"/>. The first product is exact, so only the second rounds.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ScaleInTwoSteps<V>(V x, V n)
        where V : unmanaged, ISimd<V>
    {
        V exponent = V.ConvertSingleToInt32(n);
        V half = V.ShiftRightInt32(exponent, 1);
        return x * Of(half) * Of(V.SubtractInt32(exponent, half));
    }

    /// <summary><c>2^n</c> for integer lanes n in [-126, 127].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V exponent)
        where V : unmanaged, ISimd<V> =>
        V.ShiftLeftInt32(V.AddInt32(exponent, V.BroadcastInt32(127)), 23);
}
