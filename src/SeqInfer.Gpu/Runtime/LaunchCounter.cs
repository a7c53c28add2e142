namespace SeqInfer.Gpu.Runtime;

/// <summary>How many kernels were started, from any thread.</summary>
internal sealed class LaunchCounter
{
    private long _count;

    public long Count => Volatile.Read(ref _count);

    public void Increment() => Interlocked.Increment(ref _count);
}
