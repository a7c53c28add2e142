using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>The vector registers a kernel can count on.</summary>
internal static class SimdRegisters
{
    /// <summary>32 with AVX-512 and on Arm64, 16 elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Count<V>()
        where V : unmanaged, ISimd<V> => V.Width == 16 || AdvSimd.Arm64.IsSupported ? 32 : 16;
}
