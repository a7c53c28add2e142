using SeqInfer.Bench.Limits;
using SeqInfer.Bench.Models;
using SeqInfer.Bench.Onnx;
using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer.Bench.Compare.Cells;

/// <summary>The same dense request to the same model on both sides.</summary>
internal sealed class ModelCell(BenchModel bench, string description, params IReadOnlyList<int> batches) : Cell(bench.Name, description, batches)
{
    /// <summary>The model.</summary>
    public override BenchModel Model => bench;

    /// <summary>Storages beside fp32.</summary>
    public IReadOnlyList<string> ReducedWeights { get; init; } = [];

    /// <summary>True where items are ranked and nothing else: the weights are those of a catalogue.</summary>
    public bool IsCatalogue => bench.Output == RankingHead.TopKOutput;

    public override IReadOnlyList<string> Weights => [WeightForms.Fp32, .. ReducedWeights];

    // A graph that was rewritten for one side is another request.
    public override bool IsLikeForLike => bench.Peer is null;

    public override CellResult Measure(CellContext context, int batch, int threads)
    {
        using SequenceModel model = bench.Create(context.Engine(threads));
        var request = new Batch(model.Signature);
        bench.Fill(request, batch, new Random(batch));
        using var ours = new OurRun(model, bench.Limits(model.Signature, batch), bench.Output, request);
        ours.Run();
        double difference = 0;
        if (context.Schedule == Schedule.None)
        {
            // No form is the fastest where nothing is timed: all of them have to agree.
            string[] names = [.. OrtForm.Each(context.Ort, bench, request, threads, form => difference = Math.Max(difference, Compare(context, ours, form, batch)))];
            return Result(context, batch, threads, [Timings.None, Timings.None], difference, string.Join(", ", names));
        }

        using OrtForm theirs = OrtForm.Fastest(context.Ort, bench, request, threads);
        difference = Compare(context, ours, theirs, batch);
        Timings[] times = Interleaved.Measure(context.Schedule, theirs.Run.Run, ours.Run);
        return Result(context, batch, threads, times, difference, theirs.Name);
    }

    private double Compare(CellContext context, OurRun ours, OrtForm theirs, int batch)
    {
        theirs.Run.Run();
        string what = $"{Name}, batch {batch}, {theirs.Name}";
        ReadOnlySpan<float> values = theirs.Run.Output(bench.Output).Span<float>();
        if (!theirs.Run.HasIds(bench.Output))
            return OutputComparison.MaxAbsDiff(what, ours.Values, values, context.Weights);

        // A top-K returns fp32 scores however its first pass stores the items.
        OutputComparison.CheckIds(what, ours.Ids, theirs.Run.Output(bench.Output, OnnxElement.Int64).Span<long>(), values, bench.TopK);
        return OutputComparison.MaxAbsDiff(what, ours.Values, values);
    }

    private CellResult Result(CellContext context, int batch, int threads, Timings[] times, double difference, string form) =>
        new(Name, batch, threads, context.Weights)
        {
            Ort = times[0],
            Ours = times[1],
            MaxAbsDiff = difference,
            Work = WorkCounter.Count(bench, batch, counted => bench.Fill(counted, batch, new Random(batch)), context.Weights),
            Limits = context.Limits(threads),
            OrtForm = form,
        };
}
