using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SeqInfer.Tests.Infrastructure;

/// <summary>The operating system's page protection.</summary>
internal static unsafe partial class GuardPages
{
    private const int ProtNone = 0;
    private const int ProtReadWrite = 1 | 2;
    private const int MapPrivate = 2;
    private const uint MemReserveAndCommit = 0x3000;
    private const uint MemRelease = 0x8000;
    private const uint PageNoAccess = 1;
    private const uint PageReadWrite = 4;

    private static int MapAnonymous => OperatingSystem.IsLinux() ? 0x20 : 0x1000;

    /// <summary>Reserves pages that may not be touched.</summary>
    public static void* Reserve(nuint length)
    {
        void* pages = OperatingSystem.IsWindows()
            ? VirtualAlloc(null, length, MemReserveAndCommit, PageNoAccess)
            : Map(null, length, ProtNone, MapPrivate | MapAnonymous, -1, 0);
        ThrowIf(pages == null || (nint)pages == -1);
        return pages;
    }

    /// <summary>Allows reads and writes.</summary>
    public static void MakeUsable(void* pages, nuint length) => ThrowIf(OperatingSystem.IsWindows()
        ? !VirtualProtect(pages, length, PageReadWrite, out _)
        : Protect(pages, length, ProtReadWrite) != 0);

    /// <summary>Gives the pages back.</summary>
    public static void Release(void* pages, nuint length) => ThrowIf(OperatingSystem.IsWindows()
        ? !VirtualFree(pages, 0, MemRelease)
        : Unmap(pages, length) != 0);

    private static void ThrowIf(bool failed)
    {
        if (failed) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("kernel32", EntryPoint = "VirtualAlloc", SetLastError = true)]
    private static partial void* VirtualAlloc(void* address, nuint length, uint type, uint protection);

    [LibraryImport("kernel32", EntryPoint = "VirtualProtect", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualProtect(void* address, nuint length, uint protection, out uint old);

    [LibraryImport("kernel32", EntryPoint = "VirtualFree", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualFree(void* address, nuint length, uint type);
}
