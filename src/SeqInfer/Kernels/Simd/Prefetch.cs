using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SeqInfer.Kernels.Simd;

/// <summary>Asks for memory that will be read soon. A hint: any address is allowed, and where the hardware lacks it nothing happens.</summary>
internal static unsafe class Prefetch
{
    private const int FloatsOfALine = 16;

    /// <summary>Asks for the cache line of an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(float* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }

    /// <summary>Asks for the cache lines of a range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Range(float* first, nint count)
    {
        if (!Sse.IsSupported) return;
        for (nint i = 0; i < count; i += FloatsOfALine) Sse.Prefetch0(first + i);
    }
}
