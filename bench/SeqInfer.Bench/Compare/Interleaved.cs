using System.Diagnostics;

namespace SeqInfer.Bench.Compare;

/// <summary>Lets several sides take short turns on the caller's thread, so that what disturbs the machine disturbs all of them alike.</summary>
internal static class Interleaved
{
    // One reading of the clock takes about 25 ns: shorter calls are timed in groups.
    private const double ShortestSampleMicroseconds = 4;
    private const int MostCallsPerSample = 64;
    private const int MostSamplesPerRound = 1 << 20;

    /// <summary>Measures all sides. A first round does not count: it leaves compiled code and filled caches.</summary>
    public static Timings[] Measure(Schedule schedule, params IReadOnlyList<Action> sides)
    {
        if (schedule == Schedule.None)
            return [.. sides.Select(_ => Timings.None)];
        List<double>[] samples = [.. sides.Select(_ => new List<double>())];
        List<double>[] medians = [.. sides.Select(_ => new List<double>())];
        long[] buffer = new long[MostSamplesPerRound];
        for (int round = 0; round <= schedule.Rounds; round++)
        {
            for (int side = 0; side < sides.Count; side++)
            {
                int group = CallsPerSample(Drop(schedule.Dropped, sides[side]));
                int count = Turn(schedule, sides[side], group, buffer);
                if (round == 0)
                    continue;
                List<double> own = [.. buffer.AsSpan(0, count).ToArray().Select(ticks => Microseconds(ticks) / group)];
                samples[side].AddRange(own);
                own.Sort();
                medians[side].Add(Timings.Quantile(own, 0.5));
            }
        }

        return [.. sides.Select((_, side) => Timings.From(samples[side], medians[side]))];
    }

    /// <summary>Runs for a time that does not count and returns the microseconds of a call.</summary>
    private static double Drop(TimeSpan time, Action call)
    {
        long start = Stopwatch.GetTimestamp();
        int calls = 0;
        TimeSpan elapsed;
        do
        {
            call();
            calls++;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < time);
        return elapsed.TotalMicroseconds / calls;
    }

    private static int CallsPerSample(double microseconds) =>
        Math.Clamp((int)Math.Ceiling(ShortestSampleMicroseconds / microseconds), 1, MostCallsPerSample);

    private static int Turn(Schedule schedule, Action call, int group, long[] ticks)
    {
        long end = Stopwatch.GetTimestamp() + (long)(schedule.Measured.TotalSeconds * Stopwatch.Frequency);
        int count = 0;
        long before = Stopwatch.GetTimestamp();
        while ((before < end || count < schedule.MinimumCalls) && count < ticks.Length)
        {
            for (int i = 0; i < group; i++)
                call();
            long after = Stopwatch.GetTimestamp();
            ticks[count++] = after - before;
            before = after;
        }

        return count;
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
