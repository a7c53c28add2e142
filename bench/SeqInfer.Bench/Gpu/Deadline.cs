using System.Diagnostics;

namespace SeqInfer.Bench.Gpu;

/// <summary>When nothing new is begun any more.</summary>
/// <param name="limit">From now on; null: never.</param>
internal sealed class Deadline(TimeSpan? limit)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>How long it has been.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>True when the time is up.</summary>
    public bool IsOver => limit is { } most && Elapsed >= most;

    /// <summary>What is said of what was left out.</summary>
    public string Reason => $"the time limit of {limit?.TotalSeconds:F0} s was reached";
}
