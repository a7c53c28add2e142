using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Devices.Ops;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Algebra;

/// <summary>What recurrent layers must satisfy whatever computes them, bit for bit.</summary>
public sealed class RecurrentAlgebraTests
{
    private const int SampleCount = 20;

    public static TheoryData<string> Devices => TestDevices.All;

    [Theory]
    [MemberData(nameof(Devices))]
    public void Two_halves_with_the_state_handed_over_are_one_go(string device) => Check(device, (run, spec, lengths) =>
    {
        RecurrentWeights weights = RecurrentOps.Weights(run, spec, biases: true);
        Tensor input = run.Input(lengths.Sum(), spec.InputSize);
        RecurrentState start = Random(run, spec, lengths.Length);
        Result whole = Run(run, weights, input, lengths, start);

        int[] cuts = [.. lengths.Select(length => run.Data.Between(0, length))];
        int[] rests = [.. lengths.Zip(cuts, (length, cut) => length - cut)];
        Result first = Run(run, weights, Pick(run, input, lengths, cuts, fromStart: true), cuts, start);
        Result second = Run(run, weights, Pick(run, input, lengths, rests, fromStart: false), rests, first.Final);

        Bits.Equal(States(run, whole.Final), States(run, second.Final));
        double[][] expected = run.Rows(whole.Output);
        Bits.Equal(Rows(expected, lengths, cuts, fromStart: true), run.Rows(first.Output));
        Bits.Equal(Rows(expected, lengths, rests, fromStart: false), run.Rows(second.Output));
    });

    [Theory]
    [MemberData(nameof(Devices))]
    public void Reverse_is_forward_on_reversed_rows(string device) => Check(device, (run, spec, lengths) =>
    {
        int rows = spec.GateCount * spec.HiddenSize;
        Parameter weightIh = run.Data.Parameter(rows, spec.InputSize);
        Parameter weightHh = run.Data.Parameter(rows, spec.HiddenSize, 1 / MathF.Sqrt(spec.HiddenSize));
        Parameter bias = run.Data.Parameter(1, rows);
        RecurrentWeights forward = run.Make(created => created.CreateRecurrent(spec, weightIh, weightHh, bias, null));
        RecurrentWeights reverse = run.Make(created => created.CreateRecurrent(spec with { Reverse = true }, weightIh, weightHh, bias, null));
        Tensor input = run.Input(lengths.Sum(), spec.InputSize);
        int[] flipped = Flipped(lengths);
        Tensor mirrored = run.Output(input.RowCount, input.ColumnCount);
        run.Device.GatherRows(run.Workspace, input, run.Ids(flipped), mirrored);

        RecurrentState start = Random(run, spec, lengths.Length);
        Result expected = Run(run, forward, mirrored, lengths, start);
        Result actual = Run(run, reverse, input, lengths, start);
        Bits.Equal(States(run, expected.Final), States(run, actual.Final));
        double[][] outputs = run.Rows(expected.Output);
        Bits.Equal([.. flipped.Select(row => outputs[row])], run.Rows(actual.Output));
    });

    [Theory]
    [MemberData(nameof(Devices))]
    public void The_last_output_is_the_final_state_and_no_rows_leave_the_initial_one(string device) => Check(device, (run, spec, lengths) =>
    {
        RecurrentWeights weights = RecurrentOps.Weights(run, spec, biases: true);
        RecurrentState start = Random(run, spec, lengths.Length);
        double[][] initial = run.Rows(start.Hidden!.Value);
        Result result = Run(run, weights, run.Input(lengths.Sum(), spec.InputSize), lengths, start);
        double[][] outputs = run.Rows(result.Output);
        double[][] final = run.Rows(result.Final.Hidden!.Value);
        int end = 0;
        for (int s = 0; s < lengths.Length; s++)
        {
            end += lengths[s];
            Bits.Equal(lengths[s] == 0 ? initial[s] : outputs[end - 1], final[s]);
        }
    });

    [Theory]
    [MemberData(nameof(Devices))]
    public void No_initial_state_is_zeros(string device) => Check(device, (run, spec, lengths) =>
    {
        RecurrentWeights weights = RecurrentOps.Weights(run, spec, biases: true);
        Tensor input = run.Input(lengths.Sum(), spec.InputSize);
        RecurrentState zeros = RecurrentOps.State(
            spec, () => run.Input(lengths.Length, spec.HiddenSize, new float[lengths.Length * spec.HiddenSize]));
        Result expected = Run(run, weights, input, lengths, zeros);
        Result actual = Run(run, weights, input, lengths, default);
        Bits.Equal(run.Rows(expected.Output), run.Rows(actual.Output));
        Bits.Equal(States(run, expected.Final), States(run, actual.Final));
    });

    private static void Check(string device, Action<OpRun, RecurrentSpec, int[]> assert) => Property.Check(
        from seed in Shapes.Seed
        from cell in RecurrentOps.Cell
        from inputs in Gen.Choose(1, 20)
        from hidden in Gen.Choose(1, 35)
        from lengths in Gen.ArrayOf(Gen.Choose(0, 7), 4)
        select (seed, new RecurrentSpec(cell, inputs, hidden), lengths),
        sample => OpHarness.Use(TestDevices.Get(device), sample.seed, run => assert(run, sample.Item2, sample.lengths)),
        SampleCount);

    private static RecurrentState Random(OpRun run, RecurrentSpec spec, int batch) =>
        RecurrentOps.State(spec, () => run.Input(batch, spec.HiddenSize));

    private static Result Run(OpRun run, RecurrentWeights weights, Tensor input, int[] lengths, RecurrentState initial)
    {
        Tensor output = run.Output(input.RowCount, weights.Spec.HiddenSize);
        RecurrentState final = RecurrentOps.State(weights.Spec, () => run.Output(lengths.Length, weights.Spec.HiddenSize));
        run.Device.Recurrent(run.Workspace, input, weights, run.Ragged(lengths), initial, output, final);
        return new Result(output, final);
    }

    private static double[][] States(OpRun run, RecurrentState state) =>
        [.. run.Rows(state.Hidden!.Value), .. state.Cell is { } cell ? run.Rows(cell) : []];

    /// <summary>A window of the first or last so many rows of every sequence.</summary>
    private static Tensor Pick(OpRun run, Tensor input, int[] lengths, int[] counts, bool fromStart)
    {
        int[] numbers = Rows([.. Enumerable.Range(0, input.RowCount)], lengths, counts, fromStart);
        Tensor picked = run.Output(numbers.Length, input.ColumnCount);
        run.Device.GatherRows(run.Workspace, input, run.Ids(numbers), picked);
        return picked;
    }

    private static T[] Rows<T>(T[] all, int[] lengths, int[] counts, bool fromStart) => [.. Enumerable.Range(0, lengths.Length).SelectMany(s =>
    {
        int start = lengths[..s].Sum() + (fromStart ? 0 : lengths[s] - counts[s]);
        return all[start..(start + counts[s])];
    })];

    /// <summary>Row numbers with every sequence backwards.</summary>
    private static int[] Flipped(int[] lengths) =>
        [.. lengths.SelectMany((length, s) => Enumerable.Range(lengths[..s].Sum(), length).Reverse())];

    private readonly record struct Result(Tensor Output, RecurrentState Final);
}
