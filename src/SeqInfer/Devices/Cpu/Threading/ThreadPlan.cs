namespace SeqInfer.Devices.Cpu.Threading;

/// <summary>Whether and when a device lets other threads help a caller.</summary>
internal sealed class ThreadPlan : IDisposable
{
    // Several times what it costs to hand a job to a thread that is looking for one
    private const double WorthSplitting = 2000;

    private readonly TeamLease? _lease;

    /// <summary>A plan for a team whose owner keeps it longer.</summary>
    /// <param name="team">The threads; null: every call runs on its caller's thread alone.</param>
    /// <param name="splitFrom">Nanoseconds of one thread from which an operation is worth splitting.</param>
    public ThreadPlan(WorkerTeam? team, double splitFrom)
    {
        Team = team;
        SplitFrom = splitFrom;
    }

    private ThreadPlan(TeamLease lease)
        : this(lease.Team, WorthSplitting) => _lease = lease;

    /// <summary>The threads; null: every call runs on its caller's thread alone.</summary>
    public WorkerTeam? Team { get; }

    /// <summary>Nanoseconds of one thread from which an operation is worth splitting.</summary>
    public double SplitFrom { get; }

    /// <summary>Threads of a call, the caller's among them.</summary>
    public int Threads => Team?.Size ?? 1;

    /// <summary>A plan for so many threads, or as many as the process may use.</summary>
    public static ThreadPlan Create(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);

        // The limit takes reading files, and one thread there always is.
        if (threads > 1)
            threads = Math.Min(threads, Math.Min(CpuLimit.Threads, WorkerTeam.MaxSize));
        return threads == 1 ? new ThreadPlan(null, 0) : new ThreadPlan(TeamLease.Take(threads));
    }

    /// <summary>Gives a shared team back.</summary>
    public void Dispose() => _lease?.Dispose();
}
