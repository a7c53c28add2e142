using System.Runtime.InteropServices;

namespace SeqInfer.Tensors;

/// <summary>
/// Asks Linux to back large memory with huge pages (transparent ones, so nothing is reserved or configured). A matrix of tens of megabytes in
/// 4 KB pages needs more translations than the processor keeps, and reading it stops at each page's border. Elsewhere, or where the
/// system does not know them, nothing is done.
/// </summary>
internal static unsafe partial class HugePages
{
    /// <summary>Bytes of a huge page on x64, and on Arm64 with pages of 4 KB.</summary>
    public const int Size = 2 << 20;

    private const int Advice = 14; // MADV_HUGEPAGE

    /// <summary>The alignment that memory of so many bytes should have: that of a huge page once it fills one.</summary>
    public static nuint AlignmentFor(nuint byteCount, nuint otherwise) => IsWorthwhile(byteCount) ? Size : otherwise;

    /// <summary>Gives the advice for memory that was allocated with <see cref="AlignmentFor"/> and not written yet. It may be ignored.</summary>
    public static void Advise(void* memory, nuint byteCount)
    {
        if (!IsWorthwhile(byteCount))
            return;
        try
        {
            _ = Advise(memory, byteCount & ~(nuint)(Environment.SystemPageSize - 1), Advice);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Advice only: the memory serves as it is.
        }
    }

    private static bool IsWorthwhile(nuint byteCount) => OperatingSystem.IsLinux() && byteCount >= Size;

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint byteCount, int advice);
}
