using System.Runtime.InteropServices;

namespace SeqInfer.Devices.Cpu.Threading;

/// <summary>
/// Where threads run, on Linux; elsewhere nothing is known and nothing done. A scheduler likes to start a woken thread on the processor of
/// the thread that wakes it, which for a helper is the one place where it cannot help.
/// </summary>
internal static unsafe partial class Placement
{
    /// <summary>A processor that is none.</summary>
    public const int Unknown = -1;

    // The kernel's own limit of most builds is 8192
    private const int MaskWords = 8192 / 64;

    private static readonly bool IsKnown = Probe();

    /// <summary>The processor the calling thread is on; <see cref="Unknown"/> where the system does not say. Takes some nanoseconds.</summary>
    public static int Current => IsKnown ? CurrentProcessor() : Unknown;

    /// <summary>The processors the calling thread may use, 64 a word; empty where the system does not say.</summary>
    public static ulong[] Allowed()
    {
        ulong[] mask = new ulong[MaskWords];
        fixed (ulong* words = mask)
            return IsKnown && GetAffinity(0, MaskWords * sizeof(ulong), words) >= 0 ? mask : [];
    }

    /// <summary>Moves the calling thread to any of some processors but one, where that leaves any.</summary>
    public static void Avoid(ReadOnlySpan<ulong> allowed, int processor)
    {
        if (processor < 0 || processor / 64 >= allowed.Length)
            return;
        ulong* words = stackalloc ulong[MaskWords];
        allowed.CopyTo(new Span<ulong>(words, MaskWords));
        words[processor / 64] &= ~(1UL << (processor % 64));
        if (new ReadOnlySpan<ulong>(words, MaskWords).ContainsAnyExcept(0UL))
            _ = SetAffinity(0, MaskWords * sizeof(ulong), words);
    }

    private static bool Probe()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            return CurrentProcessor() >= 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    private static partial int CurrentProcessor();

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nint bytes, ulong* mask);
}
