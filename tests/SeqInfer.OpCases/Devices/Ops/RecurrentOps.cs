using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Ops;

/// <summary>Random calls of recurrent layers.</summary>
internal static class RecurrentOps
{
    /// <summary>The cells that take no attention.</summary>
    public static Gen<RecurrentCell> Cell =>
        Gen.Elements(RecurrentCell.RnnTanh, RecurrentCell.RnnRelu, RecurrentCell.Lstm, RecurrentCell.Gru);

    private static Gen<RecurrentCell> AnyCell => Gen.Elements(Enum.GetValues<RecurrentCell>());

    public static Gen<OpCase> Recurrent =>
        from seed in Shapes.Seed
        from cell in AnyCell
        from lengths in Shapes.LengthsUpTo(9)
        from inputs in Shapes.FewColumns
        from hidden in Shapes.FewColumns
        from reverse in Shapes.Flag
        from projected in Shapes.Flag
        from biases in Shapes.Flag
        from initial in Shapes.Flag
        from wantsOutput in Shapes.Flag
        from wantsFinal in Shapes.Flag
        select new OpCase(
            $"{cell} {inputs} -> {hidden}, reverse {reverse}, projected {projected}, biases {biases}, initial {initial}, output {wantsOutput}, "
            + $"final {wantsFinal}, lengths {string.Join(' ', lengths)}",
            seed,
            ToleranceOf(inputs, hidden),
            run =>
            {
                int width = projected ? RecurrentSpec.GatesOf(cell) * hidden : inputs;
                RecurrentSpec spec = new(cell, width, hidden, reverse, projected);
                RecurrentWeights weights = Weights(run, spec, biases);
                Ragged sequences = run.Ragged(lengths);
                Tensor input = run.Input(sequences.RowCount, width);
                Tensor? output = wantsOutput ? run.Output(sequences.RowCount, hidden) : null;
                RecurrentState before = initial ? State(spec, () => run.Input(lengths.Length, hidden)) : default;
                RecurrentState after = wantsFinal ? After(run, spec, before, lengths.Length) : default;
                Tensor? attention = spec.HasAttention ? run.Input(sequences.RowCount, 1, run.Data.Shares(sequences.RowCount)) : null;
                return () => run.Device.Recurrent(run.Workspace, input, weights, sequences, before, output, after, attention);
            });

    /// <summary>Weights that keep the state from growing: rows of W_hh sum to less than 1 in the mean square.</summary>
    public static RecurrentWeights Weights(OpRun run, RecurrentSpec spec, bool biases)
    {
        int rows = spec.GateCount * spec.HiddenSize;
        Parameter? weightIh = spec.ProjectedInput ? null : run.Data.Parameter(rows, spec.InputSize, 1 / MathF.Sqrt(spec.InputSize));
        Parameter weightHh = run.Data.Parameter(rows, spec.HiddenSize, 1 / MathF.Sqrt(spec.HiddenSize));
        Parameter? biasIh = biases ? run.Data.Parameter(1, rows, 0.5f) : null;
        Parameter? biasHh = biases ? run.Data.Parameter(1, rows, 0.5f) : null;
        return run.Make(device => device.CreateRecurrent(spec, weightIh, weightHh, biasIh, biasHh));
    }

    public static RecurrentState State(RecurrentSpec spec, Func<Tensor> take)
    {
        Tensor hidden = take();
        return new RecurrentState(hidden, spec.HasCellState ? take() : null);
    }

    private static RecurrentState After(OpRun run, RecurrentSpec spec, RecurrentState before, int batch)
    {
        Tensor hidden = Part(run, before.Hidden, batch, spec.HiddenSize);
        return new RecurrentState(hidden, spec.HasCellState ? Part(run, before.Cell, batch, spec.HiddenSize) : null);
    }

    private static Tensor Part(OpRun run, Tensor? before, int batch, int hidden) =>
        before is { } window ? run.OutputMaybeIn(window) : run.Output(batch, hidden);

    // A step sums products up to 2; what a state carries on shrinks, so the errors of the steps add up to a few of one step.
    private static OpTolerance ToleranceOf(int inputs, int hidden) => OpTolerance.Sum(inputs + hidden + 2, 2 * InputData.Magnitude);
}
