using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Devices.Ops;

namespace SeqInfer.Tests.Devices.Contract;

/// <summary>Calls of attention and recurrent layers that break one rule each: everything else about them is right.</summary>
internal static class BadSequenceCalls
{
    public static readonly Dictionary<string, (string Words, Action<OpRun> Call)> ByName = new()
    {
        ["Attention: key of other columns"] = (
            "key is [3, 5], expected [3, 4]",
            run => new AttentionCall(run) { Key = run.Input(3, 5) }.Run()),
        ["Attention: value of other rows"] = (
            "value is [2, 4], expected [3, 4]",
            run => new AttentionCall(run) { Value = run.Input(2, 4) }.Run()),
        ["Attention: query of other rows"] = (
            "query is [2, 4], expected [3, 4]",
            run => new AttentionCall(run) { Query = run.Input(2, 4) }.Run()),
        ["Attention: output of other rows"] = ("expected [3, 4]", run => new AttentionCall(run) { Output = run.Output(4, 4) }.Run()),
        ["Attention: another number of sequences"] = (
            "2 query sequences, 1 key sequences",
            run => new AttentionCall(run) { Keys = run.Ragged(3) }.Run()),
        ["Attention: heads do not divide the columns"] = ("split into 3 heads", run => new AttentionCall(run) { HeadCount = 3 }.Run()),
        ["Attention: no heads"] = ("split into 0 heads", run => new AttentionCall(run) { HeadCount = 0 }.Run()),
        ["Attention: output over the keys"] = ("overlaps", run => Overlapping(run, (call, window) => call.Key = window)),
        ["Attention: output over the values"] = ("overlaps", run => Overlapping(run, (call, window) => call.Value = window)),
        ["Attention: output shifted from the query"] = ("overlaps", run =>
        {
            Tensor rows = run.Input(4, 4);
            new AttentionCall(run) { Query = rows.Rows(0, 3), Output = rows.Rows(1, 3) }.Run();
        }
        ),
        ["Attention: key offsets descend"] = ("keys: sequence 1 has length -1", run =>
            new AttentionCall(run) { Keys = new Ragged(run.Ids(0, 2, 1, 3), 3, 3) }.Run()),
        ["Prefix: keys of other columns"] = (
            "do not fit keys of 4 columns",
            run => new AttentionCall(run).WithPrefix(keys: (2, 5), values: (2, 5))),
        ["Prefix: keys and values of other rows"] = (
            "do not fit keys of 4 columns",
            run => new AttentionCall(run).WithPrefix(keys: (2, 4), values: (3, 4))),
        ["Prefix: two rows to repeat"] = ("has one row, not 2", run => new AttentionCall(run).WithPrefix((2, 4), (2, 4), repeated: true)),
        ["Prefix: too few counts"] = (
            "1 prefix counts for 2 sequences",
            run => new AttentionCall(run).WithPrefix((2, 4), (2, 4), false, 1)),
        ["Prefix: a count past the rows"] = (
            "a prefix count is 3, expected 0 .. 2",
            run => new AttentionCall(run).WithPrefix((2, 4), (2, 4), false, 1, 3)),
        ["Prefix: a negative count"] = ("a prefix count is -1", run => new AttentionCall(run).WithPrefix((1, 4), (1, 4), true, -1, 3)),

        ["Recurrent: input of other columns"] = (
            "input is [3, 4], expected [3, 3]",
            run => new RecurrentCall(run) { Input = run.Input(3, 4) }.Run()),
        ["Recurrent: input of other rows"] = (
            "input is [2, 3], expected [3, 3]",
            run => new RecurrentCall(run) { Input = run.Input(2, 3) }.Run()),
        ["Recurrent: output of other columns"] = (
            "output is [3, 3], expected [3, 2]",
            run => new RecurrentCall(run) { Output = run.Output(3, 3) }.Run()),
        ["Recurrent: initial state of other rows"] = (
            "initial is [3, 2], expected [2, 2]",
            run => new RecurrentCall(run) { Initial = new(run.Input(3, 2)) }.Run()),
        ["Recurrent: final cell of other rows"] = (
            "final is [1, 2], expected [2, 2]",
            run => new RecurrentCall(run) { Final = new(null, run.Output(1, 2)) }.Run()),
        ["Recurrent: cell state of a GRU"] = (
            "a Gru cell has no cell state",
            run => new RecurrentCall(run, RecurrentCell.Gru) { Final = new(null, run.Output(2, 2)) }.Run()),
        ["Recurrent: output over the input"] = ("overlaps", run =>
        {
            Tensor rows = run.Input(3, 3);
            new RecurrentCall(run) { Input = rows, Output = rows.Columns(0, 2) }.Run();
        }
        ),
        ["Recurrent: output over the initial state"] = ("overlaps", run =>
        {
            Tensor rows = run.Input(3, 2);
            new RecurrentCall(run) { Initial = new(rows.Rows(0, 2)), Output = rows }.Run();
        }
        ),
        ["Recurrent: final state over the input"] = ("overlaps", run =>
        {
            Tensor rows = run.Input(3, 3);
            new RecurrentCall(run) { Input = rows, Final = new(rows.Rows(1, 2).Columns(0, 2)) }.Run();
        }
        ),
        ["Recurrent: final state over the output"] = ("overlaps", run =>
        {
            Tensor rows = run.Output(3, 2);
            new RecurrentCall(run) { Output = rows, Final = new(rows.Rows(1, 2)) }.Run();
        }
        ),
        ["Recurrent: final hidden over the initial cell"] = ("overlaps", run =>
        {
            Tensor cell = run.Input(2, 2);
            new RecurrentCall(run) { Initial = new(run.Input(2, 2), cell), Final = new(cell) }.Run();
        }
        ),
        ["Recurrent: final state shifted from the initial one"] = ("overlaps", run =>
        {
            Tensor rows = run.Input(3, 2);
            new RecurrentCall(run) { Initial = new(rows.Rows(0, 2)), Final = new(rows.Rows(1, 2)) }.Run();
        }
        ),
        ["Recurrent: final hidden and cell in one place"] = ("overlaps", run =>
        {
            Tensor state = run.Output(2, 2);
            new RecurrentCall(run) { Final = new(state, state) }.Run();
        }
        ),
    };

    private static void Overlapping(OpRun run, Action<AttentionCall, Tensor> assign)
    {
        Tensor window = run.Input(3, 4);
        AttentionCall call = new(run) { Output = window };
        assign(call, window);
        call.Run();
    }

    /// <summary>Three rows of four columns in two sequences, two heads.</summary>
    private sealed class AttentionCall(OpRun run)
    {
        public Tensor Query { get; init; } = run.Input(3, 4);

        public Tensor Key { get; set; } = run.Input(3, 4);

        public Tensor Value { get; set; } = run.Input(3, 4);

        public Tensor Output { get; init; } = run.Output(3, 4);

        public Ragged Keys { get; init; } = run.Ragged(1, 2);

        public int HeadCount { get; init; } = 2;

        public void Run(AttentionPrefix? prefix = null) => run.Device.Attention(
            run.Workspace, Query, Key, Value, new AttentionSpec(run.Ragged(1, 2), Keys, HeadCount, 1, Causal: true, prefix), Output);

        public void WithPrefix((int Rows, int Columns) keys, (int Rows, int Columns) values, bool repeated = false, params int[] counts) =>
            Run(new AttentionPrefix(
                run.Table(keys.Rows, keys.Columns),
                run.Table(values.Rows, values.Columns),
                run.Ids(counts.Length == 0 ? [0, 1] : counts),
                repeated));
    }

    /// <summary>Three rows of three columns in two sequences, a state of two.</summary>
    private sealed class RecurrentCall(OpRun run, RecurrentCell cell = RecurrentCell.Lstm)
    {
        private readonly RecurrentWeights _weights = RecurrentOps.Weights(run, new RecurrentSpec(cell, 3, 2), biases: true);

        public Tensor Input { get; init; } = run.Input(3, 3);

        public Tensor? Output { get; init; }

        public RecurrentState Initial { get; init; }

        public RecurrentState Final { get; init; }

        public void Run() => run.Device.Recurrent(run.Workspace, Input, _weights, run.Ragged(1, 2), Initial, Output, Final);
    }
}
