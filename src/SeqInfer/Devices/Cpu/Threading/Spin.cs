using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SeqInfer.Devices.Cpu.Threading;

/// <summary>Waiting without giving up the processor.</summary>
internal static class Spin
{
    /// <summary>How long a helper looks for the next job before it blocks: longer than the serial work between two operations.</summary>
    public static readonly long IdleTicks = Stopwatch.Frequency * 50 / 1_000_000;

    /// <summary>Looks, some microseconds together, before a thread that waits for another one offers it the processor.</summary>
    public const int PausesBeforeYield = 128;

    /// <summary>Some ten nanoseconds in which the core runs nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pause()
    {
        if (X86Base.IsSupported)
            X86Base.Pause();
        else
            Thread.SpinWait(1);
    }
}
