using SeqInfer.Bench.Limits;
using SeqInfer.Bench.Models;
using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer.Bench.Compare.Cells;

/// <summary>
/// One new event of a user, and the answer to it. Our side keeps the user's state, appends and answers; ONNX Runtime computes the history
/// anew. Only for recurrent models, where an event costs the same however many there were, so that appending may go on and on.
/// </summary>
internal sealed class AppendCell(string name, BenchModel bench, string description) : Cell(name, description, 1)
{
    public override bool IsLikeForLike => false;

    public override CellResult Measure(CellContext context, int batch, int threads)
    {
        using SequenceModel model = bench.Create(context.Engine(threads));
        BatchLimits limits = bench.Limits(model.Signature, 1);
        var history = new Batch(model.Signature);
        bench.Fill(history, 1, new Random(1));
        int[] events = history.Ids(SequenceEncoder.ItemsInput)[0].ToArray();

        SequenceState state = model.CreateState(StateWindow.AllEvents);
        state.Append(events.AsSpan(0, events.Length - 1));
        using ModelWorkspace workspace = model.CreateWorkspace(limits);
        var request = new Batch(model.Signature);
        float[] values = new float[model.Signature.Outputs[model.Signature.IndexOfOutput(bench.Output)].Width];
        using OrtForm theirs = OrtForm.Fastest(context.Ort, bench, history, threads);

        // The first time, both sides have seen the same events.
        Append();
        theirs.Run.Run();
        double difference = OutputComparison.MaxAbsDiff(Name, values, theirs.Run.Output(bench.Output).Span<float>());
        Timings[] times = Interleaved.Measure(context.Schedule, theirs.Run.Run, Append);
        return new CellResult(Name, batch, threads, WeightForms.Fp32)
        {
            Ort = times[0],
            Ours = times[1],
            MaxAbsDiff = difference,
            Work = WorkCounter.Count(bench, 1, counted => counted.Ids(SequenceEncoder.ItemsInput).Add(events[^1])),
            Limits = context.Limits(threads),
            OrtForm = theirs.Name,
        };

        void Append()
        {
            state.Append(events[^1]);
            model.Run(state, request, workspace, limits.Outputs);
            workspace[bench.Output].CopyTo(values);
        }
    }
}
