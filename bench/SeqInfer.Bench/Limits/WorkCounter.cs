using SeqInfer.Bench.Models;
using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Runtime;

namespace SeqInfer.Bench.Limits;

/// <summary>Counts the work of a request.</summary>
internal static class WorkCounter
{
    /// <summary>What the output of <paramref name="bench"/> costs for a request that <paramref name="fill"/> writes.</summary>
    public static Work Count(BenchModel bench, int batch, Action<Batch> fill)
    {
        using var device = new WorkDevice();
        Model model = bench.CreateOn(device);
        model.Prepare();
        BatchLimits limits = bench.Limits(model.Signature, batch);
        using ModelWorkspace workspace = WorkspacePlanner.Create(model, limits);
        var request = new Batch(model.Signature) { TopK = bench.TopK };
        fill(request);
        device.Begin();
        workspace.Pass.Begin(request, limits.Outputs);
        model.Forward(workspace.Pass);
        return device.Work;
    }
}
