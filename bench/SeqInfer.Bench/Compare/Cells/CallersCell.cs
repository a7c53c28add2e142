using SeqInfer.Bench.Limits;
using SeqInfer.Bench.Models;
using SeqInfer.Bench.Recording;
using SeqInfer.Inputs;

namespace SeqInfer.Bench.Compare.Cells;

/// <summary>
/// As many callers as threads, each with requests of its own to one model, each request on its caller's thread alone. The time of a
/// request is that between two finished ones, whoever finished them; its tail is the 99.9th percentile of what a caller waits.
/// </summary>
internal sealed class CallersCell(string name, BenchModel bench, string description, params IReadOnlyList<int> batches)
    : Cell(name, description, batches)
{
    public override BenchModel Model => bench;

    public override bool IsLikeForLike => false;

    public override CellResult Measure(CellContext context, int batch, int threads)
    {
        using SequenceModel model = bench.Create(context.Engine(1));
        Batch[] requests = [.. Enumerable.Range(0, threads).Select(_ => new Batch(model.Signature))];
        for (int caller = 0; caller < threads; caller++)
            bench.Fill(requests[caller], batch, new Random(caller));
        OurRun[] ours = [.. requests.Select(request => new OurRun(model, bench.Limits(model.Signature, batch), bench.Output, request))];
        using OrtForm form = OrtForm.Fastest(context.Ort, bench, requests[0], 1);
        OrtRun[] theirs = [.. requests.Select(_ => new OrtRun(form.Session, form.Model, batch))];
        try
        {
            double difference = 0;
            for (int caller = 0; caller < threads; caller++)
            {
                theirs[caller].Fill(requests[caller]);
                theirs[caller].Run();
                ours[caller].Run();
                difference = Math.Max(difference, OutputComparison.MaxAbsDiff($"{Name}, caller {caller}", ours[caller].Values, theirs[caller].Output(bench.Output).Span<float>()));
            }

            Timings[] times = Concurrent.Measure(
                context.Schedule,
                [.. theirs.Select(run => (Action)run.Run)],
                [.. ours.Select(run => (Action)run.Run)]);
            return new CellResult(Name, batch, threads, WeightForms.Fp32)
            {
                Ort = times[0],
                Ours = times[1],
                MaxAbsDiff = difference,
                Work = WorkCounter.Count(bench, batch, counted => bench.Fill(counted, batch, new Random(0))),
                Limits = context.Limits(threads),
                OrtForm = form.Name,
            };
        }
        finally
        {
            foreach (IDisposable run in ours.Concat<IDisposable>(theirs))
                run.Dispose();
        }
    }
}
