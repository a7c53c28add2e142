using System.Diagnostics;

namespace SeqInfer.Bench.Limits;

/// <summary>A piece of work that is repeated.</summary>
internal interface ISpinLoop : IDisposable
{
    /// <summary>Does some work and returns its units.</summary>
    double Run();
}

/// <summary>Measures the rate of a loop on one or more threads at once.</summary>
internal static class Spin
{
    private const int Chunks = 25;
    private static readonly TimeSpan ChunkTime = TimeSpan.FromMilliseconds(8);

    /// <summary>Units a second of all threads together: the best time slice of each thread, summed.</summary>
    /// <param name="threads">How many run at the same time.</param>
    /// <param name="create">Makes a thread's own loop.</param>
    public static double Rate(int threads, Func<ISpinLoop> create)
    {
        double[] best = new double[threads];
        using var barrier = new Barrier(threads);
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(i => new Thread(() =>
        {
            using ISpinLoop work = create();
            _ = Chunk(work);
            barrier.SignalAndWait();
            for (int chunk = 0; chunk < Chunks; chunk++)
                best[i] = Math.Max(best[i], Chunk(work));
        }))];
        foreach (Thread worker in workers)
            worker.Start();
        foreach (Thread worker in workers)
            worker.Join();
        return best.Sum();
    }

    private static double Chunk(ISpinLoop work)
    {
        double units = 0;
        long start = Stopwatch.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            units += work.Run();
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < ChunkTime);
        return units / elapsed.TotalSeconds;
    }
}
