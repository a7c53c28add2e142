using SeqInfer.Kernels;

namespace SeqInfer.Tests.Devices.Threading;

/// <summary>Counts how often each item is done and by whom.</summary>
/// <param name="counts">One place an item.</param>
/// <param name="threads">The thread of each item.</param>
/// <param name="body">What else to do with a range of items and its worker; or null.</param>
internal readonly struct CountingJob(int[] counts, int[] threads, Action<int, int, int>? body = null) : IParallelJob
{
    public void Run(int begin, int end, int worker)
    {
        for (int item = begin; item < end; item++)
        {
            Interlocked.Increment(ref counts[item]);
            threads[item] = Environment.CurrentManagedThreadId;
        }

        body?.Invoke(begin, end, worker);
    }
}
