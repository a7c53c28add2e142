using System.Runtime.CompilerServices;

namespace SeqInfer.Kernels.Simd;

/// <summary>Widens IEEE 754 binary16 to binary32 with integer operations, since .NET exposes no F16C instructions.</summary>
internal static class HalfBits
{
    private const int ExponentGap = (127 - 15) << 23;

    /// <summary>Takes lanes that hold a half's 16 bits, zero-extended; returns the equal fp32 values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Widen<V>(V half)
        where V : unmanaged, ISimd<V>
    {
        V magnitude = half & V.BroadcastInt32(0x7FFF);
        V sign = V.ShiftLeftInt32(half ^ magnitude, 16);
        V aligned = V.ShiftLeftInt32(magnitude, 13);
        V normal = V.AddInt32(aligned, V.BroadcastInt32(ExponentGap));

        // Exponent 31 must become 255, which is one gap more
        V special = V.GreaterThanInt32(magnitude, V.BroadcastInt32(0x7BFF)) & V.BroadcastInt32(ExponentGap);

        // A denormal's bits, put under the exponent of 2^-14, read 2^-14 + value; fp32 subtracts that exactly and meets no denormal
        V denormal = V.AddInt32(normal, V.BroadcastInt32(1 << 23)) - V.BroadcastInt32(113 << 23);
        V isDenormal = V.GreaterThanInt32(V.BroadcastInt32(0x0400), magnitude);
        return V.Select(isDenormal, denormal, V.AddInt32(normal, special)) | sign;
    }
}
