using SeqInfer.Bench.Limits;
using SeqInfer.Bench.Models;
using SeqInfer.Inputs;

namespace SeqInfer.Bench.Compare.Cells;

/// <summary>The same dense request to the same model on both sides.</summary>
internal sealed class ModelCell(BenchModel bench, string description, params IReadOnlyList<int> batches) : Cell(bench.Name, description, batches)
{
    /// <summary>The model.</summary>
    public override BenchModel Model => bench;

    public override CellResult Measure(CellContext context, int batch, int threads)
    {
        using SequenceModel model = bench.Create(context.Device);
        var request = new Batch(model.Signature);
        bench.Fill(request, batch, new Random(batch));
        using var ours = new OurRun(model, bench.Limits(model.Signature, batch), bench.Output, request);
        using OrtForm theirs = OrtForm.Fastest(context.Ort, bench, request, threads);
        ours.Run();
        theirs.Run.Run();
        double difference = OutputComparison.MaxAbsDiff($"{Name}, batch {batch}", ours.Values, theirs.Run.Output(bench.Output).Span<float>());

        Timings[] times = Interleaved.Measure(context.Schedule, theirs.Run.Run, ours.Run);
        return new CellResult(Name, batch, threads, "fp32")
        {
            Ort = times[0],
            Ours = times[1],
            MaxAbsDiff = difference,
            Work = WorkCounter.Count(bench, batch, counted => bench.Fill(counted, batch, new Random(batch))),
            Limits = context.Limits(threads),
            OrtForm = theirs.Name,
        };
    }
}
