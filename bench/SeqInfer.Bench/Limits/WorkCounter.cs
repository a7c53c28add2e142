using SeqInfer.Bench.Models;
using SeqInfer.Inputs;

namespace SeqInfer.Bench.Limits;

/// <summary>Counts the work of a request.</summary>
internal static class WorkCounter
{
    /// <summary>What the output of <paramref name="bench"/> costs for a request that <paramref name="fill"/> writes.</summary>
    public static Work Count(BenchModel bench, int batch, Action<Batch> fill)
    {
        using WorkDevice device = Run(bench, batch, fill);
        return device.Work;
    }

    /// <summary>The same for each operation, in order.</summary>
    public static IReadOnlyList<Work> CountEach(BenchModel bench, int batch, Action<Batch> fill)
    {
        using WorkDevice device = Run(bench, batch, fill);
        return device.Each;
    }

    private static WorkDevice Run(BenchModel bench, int batch, Action<Batch> fill)
    {
        var device = new WorkDevice();
        using var run = new DeviceRun(bench, device, batch, fill);
        device.Begin();
        run.Run();
        return device;
    }
}
