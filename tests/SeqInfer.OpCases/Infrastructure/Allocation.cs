namespace SeqInfer.Tests.Infrastructure;

/// <summary>What a piece of code allocates on the managed heap.</summary>
internal static class Allocation
{
    private const int MaxAttempts = 20;

    /// <summary>Bytes that a call allocates on this thread, the caller having warmed it up.</summary>
    /// <remarks>
    /// A collection started by another thread takes away the rest of this thread's allocation window, which then counts as allocated: up to
    /// 8 KB that nobody asked for. So the least of several calls counts; code that allocates does so in each of them.
    /// </remarks>
    public static long Of(Action call)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < MaxAttempts && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
