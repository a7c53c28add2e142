using System.Diagnostics;
using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Limits;
using SeqInfer.Bench.Models;
using SeqInfer.Devices;
using SeqInfer.Inputs;

namespace SeqInfer.Bench.Profiling;

/// <summary>Times each operation of a forward pass.</summary>
internal static class Profiler
{
    private const int MostPasses = 20_000;
    private const int LeastPasses = 15;

    // The JIT compiles a method anew after 30 calls, and once more with what it has counted; each time it waits 100 ms for calm.
    private const int WarmRounds = 3;
    private const int CalmMilliseconds = 200;

    /// <summary>Runs a request for a while with each operation timed, and for a while without.</summary>
    /// <param name="bench">The model.</param>
    /// <param name="settings">How our side runs.</param>
    /// <param name="batch">Rows that <paramref name="fill"/> writes.</param>
    /// <param name="fill">Writes the request.</param>
    /// <param name="limits">What the machine can do.</param>
    /// <param name="time">How long to measure each.</param>
    public static RequestProfile Run(BenchModel bench, EngineSettings settings, int batch, Action<Batch> fill, MachineLimits limits, TimeSpan time)
    {
        IReadOnlyList<Work> work = WorkCounter.CountEach(bench, batch, fill, settings.Weights);
        using var timed = new TimedDevice(settings.CreateDevice());
        using var run = new DeviceRun(bench, timed, batch, fill);
        Warm(time, Pass);
        List<long[]> ticks = [];
        _ = Repeat(time, () =>
        {
            Pass();
            ticks.Add(timed.Ticks.ToArray());
        });
        return new RequestProfile(Group(timed.Operations, ticks, work, limits), Whole(bench, settings, batch, fill, time));

        void Pass()
        {
            timed.Begin();
            run.Run();
        }
    }

    private static IReadOnlyList<OperationProfile> Group(
        IReadOnlyList<TimedOperation> operations, List<long[]> ticks, IReadOnlyList<Work> work, MachineLimits limits)
    {
        // Which operations run may depend on numbers that only a device that computes has.
        bool isCounted = work.Count == operations.Count;
        double clock = ClockMicroseconds();
        return
        [
            .. operations.Select((operation, i) => (
                    Operation: operation,
                    Microseconds: Math.Max(0, Median(ticks.Select(pass => Microseconds(pass[i]))) - clock),
                    Flops: isCounted ? work[i].Flops : 0,
                    Limit: isCounted ? 1e6 * work[i].LimitSeconds(limits) : 0))
                .GroupBy(call => call.Operation)
                .Select(calls => new OperationProfile(
                    calls.Key, calls.Count(), calls.Sum(call => call.Microseconds), calls.Sum(call => call.Flops), calls.Sum(call => call.Limit)))
                .OrderByDescending(profile => profile.Microseconds),
        ];
    }

    private static double Whole(BenchModel bench, EngineSettings settings, int batch, Action<Batch> fill, TimeSpan time)
    {
        using SequenceModel model = bench.Create(settings);
        Batch request = model.CreateBatch();
        request.TopK = bench.TopK;
        fill(request);
        using var run = new OurRun(model, bench.Limits(model.Signature, batch), bench.Output, request);
        Warm(time, run.Run);
        return Median(Repeat(time, run.Run).Select(Microseconds)) - ClockMicroseconds();
    }

    private static void Warm(TimeSpan time, Action call)
    {
        for (int round = 0; round < WarmRounds; round++)
        {
            _ = Repeat(time, call);
            Thread.Sleep(CalmMilliseconds);
        }
    }

    private static List<long> Repeat(TimeSpan time, Action call)
    {
        List<long> ticks = [];
        long start = Stopwatch.GetTimestamp();
        while (ticks.Count < LeastPasses || (ticks.Count < MostPasses && Stopwatch.GetElapsedTime(start) < time))
        {
            long before = Stopwatch.GetTimestamp();
            call();
            ticks.Add(Stopwatch.GetTimestamp() - before);
        }

        return ticks;
    }

    // What reading the clock twice adds to every call.
    private static double ClockMicroseconds() => Median(Repeat(TimeSpan.FromMilliseconds(5), () => { }).Select(Microseconds));

    private static double Median(IEnumerable<double> values) => Timings.Quantile([.. values.Order()], 0.5);

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
}
