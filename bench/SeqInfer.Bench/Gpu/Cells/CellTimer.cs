using System.Diagnostics;
using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Limits;
using SeqInfer.Bench.Models;
using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer.Bench.Gpu.Cells;

/// <summary>Times one cell at all batch sizes: our CPU and the devices take turns with requests, then each device runs bare passes.</summary>
internal sealed class CellTimer(IHardware hardware, GpuRun run, Deadline deadline, Action<string> progress)
{
    private const string Cpu = "cpu";

    // What is left is the operating system's and the other sides'
    private const int MemoryShare = 4;

    /// <summary>Measures the cell; what cannot be measured is said in <see cref="GpuRun.LeftOut"/>.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="changed">Called after each batch size.</param>
    public void Measure(GpuCell cell, Action changed)
    {
        Dictionary<string, (int Batch, TimeSpan Time)> before = [];
        foreach (int batch in cell.Batches(run.Options.Batches, SignatureOf(cell.Model)))
        {
            if (deadline.IsOver)
            {
                LeaveOut(cell, batch, null, deadline.Reason);
                continue;
            }

            progress($"{cell.Name}, batch {batch}");
            Measure(cell, batch, before);
            changed();
        }
    }

    private void Measure(GpuCell cell, int batch, Dictionary<string, (int Batch, TimeSpan Time)> before)
    {
        (Work work, long bytes) = Count(cell.Model, batch);
        List<CellSide> sides = [];
        try
        {
            foreach ((string name, EngineSettings engine) in Engines())
            {
                if (WhyNot(name, engine.Device, batch, bytes, before) is { } reason)
                    LeaveOut(cell, batch, name, reason);
                else if (Open(cell, name, engine, batch) is { } side)
                    sides.Add(side);
            }

            foreach (CellSide side in sides)
                before[side.Name] = (batch, side.CallTime);
            Time(cell, batch, sides, work);
        }
        finally
        {
            foreach (CellSide side in sides)
                side.Dispose();
        }
    }

    private void Time(GpuCell cell, int batch, List<CellSide> sides, Work work)
    {
        if (sides.Count == 0)
            return;
        Timings[] requests = Interleaved.Measure(ScheduleFor(sides.Max(side => side.CallTime)), [.. sides.Select(side => (Action)side.Run)]);
        CellSide? cpu = sides.FirstOrDefault(side => side.Device == Cpu);
        for (int i = 0; i < sides.Count; i++)
        {
            CellSide side = sides[i];
            var time = new CellTime(cell.Name, batch, side.Name, requests[i]) { Flops = work.Flops, WeightBytes = work.WeightBytes };
            if (side.Device == Cpu)
            {
                run.Cells.Add(time);
                continue;
            }

            try
            {
                double difference = cpu is null ? double.NaN : OutputComparison.MaxAbsDiff($"{cell.Name}, batch {batch}, {side.Name} beside the CPU", side.Values, cpu.Values);
                run.Cells.Add(MeasurePasses(cell.Model, batch, time with { MaxAbsDiff = difference }, side, work));
            }
            catch (MismatchException error)
            {
                run.Checks.Add(new CheckResult(GpuOptions.Families, side.Name, $"{cell.Name}, batch {batch}", double.NaN, error.Message));
            }
            catch (DeviceException error)
            {
                LeaveOut(cell, batch, side.Name, error.Message);
            }
        }
    }

    private CellTime MeasurePasses(BenchModel model, int batch, CellTime time, CellSide side, Work work)
    {
        using var device = Device.Parse(side.Device);
        using var passes = new DeviceRun(model, device, batch, request => CellSide.Fill(model, request, batch));
        passes.Run();
        Wait();
        long launches = device.LaunchCount;
        passes.Run();
        Wait();
        launches = device.LaunchCount - launches;
        Schedule schedule = ScheduleFor(side.CallTime);
        Timings pass = Interleaved.Measure(schedule, () =>
        {
            passes.Run();
            Wait();
        })[0];

        // A queue of some milliseconds: the first pass's start and the last one's wait are spread over all of them.
        int count = Math.Clamp((int)(schedule.Measured.TotalMicroseconds / pass.MedianMicroseconds), 1, 256);
        Timings stream = Interleaved.Measure(schedule with { MinimumCalls = 1 }, () =>
        {
            for (int i = 0; i < count; i++)
                passes.Run();
            Wait();
        })[0];
        DeviceLimits? limits = run.Limits.GetValueOrDefault(side.Device);
        double streamMicroseconds = stream.MedianMicroseconds / count;
        return time with
        {
            Pass = pass,
            StreamMicroseconds = streamMicroseconds,
            Launches = launches,
            TransferShare = Math.Clamp(1 - (pass.MedianMicroseconds / time.Request.MedianMicroseconds), 0, 1),
            LaunchShare = limits is null ? double.NaN : Math.Min(1, launches * limits.EnqueueSeconds * 1e6 / pass.MedianMicroseconds),
            LimitMicroseconds = limits is null ? double.NaN : 1e6 * limits.Seconds(work),
        };

        void Wait() => hardware.Wait(passes.Arena);
    }

    private IEnumerable<(string Name, EngineSettings Engine)> Engines()
    {
        foreach (int threads in run.Options.Threads)
            yield return ($"{Cpu} x {threads}", new EngineSettings { Device = Cpu, Threads = threads });
        foreach (DeviceFacts device in run.TimedDevices)
            yield return (device.Name, new EngineSettings { Device = device.Name });
    }

    private CellSide? Open(GpuCell cell, string name, EngineSettings engine, int batch)
    {
        try
        {
            return new CellSide(name, cell.Model, engine, batch);
        }
        catch (Exception error) when (error is SeqInferException or OverflowException)
        {
            LeaveOut(cell, batch, name, error.Message);
            return null;
        }
    }

    private string? WhyNot(string name, string device, int batch, long bytes, Dictionary<string, (int Batch, TimeSpan Time)> before)
    {
        if (before.TryGetValue(name, out (int Batch, TimeSpan Time) last) && last.Time * ((double)batch / last.Batch) is { } expected && expected > run.Options.CallLimit)
            return $"a call is expected to take {expected.TotalSeconds:F0} s, after {last.Time.TotalSeconds:F3} s at batch {last.Batch}";
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryShare;
        bool isHost = device == Cpu || run.Devices.First(facts => facts.Name == device).IsHost;
        return isHost && bytes > memory ? $"its workspace of {bytes >> 20} MiB is more than a {MemoryShare}th of the host's memory" : null;
    }

    private Schedule ScheduleFor(TimeSpan call)
    {
        if (call > TimeSpan.FromSeconds(0.5))
            return new Schedule(1, TimeSpan.Zero, TimeSpan.Zero, 1);
        if (run.Options.IsQuick)
            return new Schedule(2, TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(10), 1);
        return call > TimeSpan.FromMilliseconds(50)
            ? new Schedule(3, TimeSpan.Zero, TimeSpan.FromMilliseconds(20), 1)
            : new Schedule(5, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(40), 3);
    }

    private void LeaveOut(GpuCell cell, int batch, string? side, string reason) =>
        run.LeftOut.Add(new MissingCell($"{cell.Name}, batch {batch}{(side is null ? "" : $", {side}")}", reason));

    // The work of a pass, and bytes of its workspace, without memory or arithmetic.
    private static (Work Work, long Bytes) Count(BenchModel model, int batch)
    {
        using var device = new WorkDevice();
        using var counted = new DeviceRun(model, device, batch, request => CellSide.Fill(model, request, batch));
        device.Begin();
        counted.Run();
        return (device.Work, counted.Arena.Capacity.Elements * sizeof(float));
    }

    private static ModelSignature SignatureOf(BenchModel model)
    {
        using var device = new WorkDevice();
        return model.CreateOn(device).Signature;
    }
}
