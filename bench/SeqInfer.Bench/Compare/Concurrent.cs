using System.Diagnostics;

namespace SeqInfer.Bench.Compare;

/// <summary>Lets sides take turns, each with several callers at once.</summary>
internal static class Concurrent
{
    private const double Tail = 0.999;

    /// <summary>
    /// Measures all sides. The median of a side is the time between two requests finished by any caller (the reciprocal of its
    /// throughput, median over the turns); its tail is what single requests take. A first round does not count.
    /// </summary>
    /// <param name="schedule">How long.</param>
    /// <param name="sides">The callers of each side.</param>
    public static Timings[] Measure(Schedule schedule, params IReadOnlyList<Action[]> sides)
    {
        if (schedule == Schedule.None)
            return [.. sides.Select(_ => Timings.None)];
        List<double>[] samples = [.. sides.Select(_ => new List<double>())];
        List<double>[] intervals = [.. sides.Select(_ => new List<double>())];
        for (int round = 0; round <= schedule.Rounds; round++)
        {
            for (int side = 0; side < sides.Count; side++)
            {
                List<long>[] ticks = Turn(schedule, sides[side]);
                if (round == 0)
                    continue;
                samples[side].AddRange(ticks.SelectMany(own => own).Select(Microseconds));
                intervals[side].Add(schedule.Measured.TotalMicroseconds / ticks.Sum(own => own.Count));
            }
        }

        return [.. sides.Select((_, side) =>
        {
            samples[side].Sort();
            List<double> sorted = [.. intervals[side].Order()];
            return new Timings(Timings.Quantile(sorted, 0.5), Timings.Quantile(samples[side], Tail), intervals[side]);
        })];
    }

    private static List<long>[] Turn(Schedule schedule, Action[] callers)
    {
        var results = new List<long>[callers.Length];
        using var barrier = new Barrier(callers.Length);
        Thread[] threads = [.. callers.Select((call, i) => new Thread(() =>
        {
            var ticks = new List<long>(1 << 16);
            barrier.SignalAndWait();
            long start = Stopwatch.GetTimestamp();
            long first = start + Ticks(schedule.Dropped);
            long end = first + Ticks(schedule.Measured);
            for (long before = start; before < end;)
            {
                call();
                long after = Stopwatch.GetTimestamp();
                if (before >= first)
                    ticks.Add(after - before);
                before = after;
            }

            results[i] = ticks;
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        return results;
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
