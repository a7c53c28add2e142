using SeqInfer.Bench.Models;
using SeqInfer.Inputs;

namespace SeqInfer.Bench.Limits;

/// <summary>Counts the work of a request.</summary>
internal static class WorkCounter
{
    /// <summary>What the output of <paramref name="bench"/> costs for a request that <paramref name="fill"/> writes.</summary>
    /// <param name="bench">The model.</param>
    /// <param name="batch">Rows of the request.</param>
    /// <param name="fill">Writes it.</param>
    /// <param name="weights">How weights are stored.</param>
    public static Work Count(BenchModel bench, int batch, Action<Batch> fill, string weights = WeightForms.Fp32)
    {
        using WorkDevice device = Run(bench, batch, fill, weights);
        return device.Work;
    }

    /// <summary>The same for each operation, in order.</summary>
    public static IReadOnlyList<Work> CountEach(BenchModel bench, int batch, Action<Batch> fill, string weights = WeightForms.Fp32)
    {
        using WorkDevice device = Run(bench, batch, fill, weights);
        return device.Each;
    }

    private static WorkDevice Run(BenchModel bench, int batch, Action<Batch> fill, string weights)
    {
        var device = new WorkDevice(weights);
        using var run = new DeviceRun(bench, device, batch, fill);
        device.Begin();
        run.Run();
        return device;
    }
}
