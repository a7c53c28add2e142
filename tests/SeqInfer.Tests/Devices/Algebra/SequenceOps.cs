using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Devices.Ops;

namespace SeqInfer.Tests.Devices.Algebra;

/// <summary>Computes the results of a batch of sequences, one list of rows a sequence.</summary>
internal delegate double[][][] SequenceFunction(Tensor input, int[] lengths);

/// <summary>Operations that treat each sequence of a ragged batch by itself, with fixed weights.</summary>
internal static class SequenceOps
{
    /// <summary>Makes the weights for an input of so many columns, a multiple of 12, and gives the function.</summary>
    private static readonly Dictionary<string, Func<OpRun, int, SequenceFunction>> ByName = new()
    {
        ["Pool last"] = (run, _) => Pool(run, PoolKind.Last),
        ["Pool mean"] = (run, _) => Pool(run, PoolKind.Mean),
        ["Pool max"] = (run, _) => Pool(run, PoolKind.Max),
        ["Pool sum"] = (run, _) => Pool(run, PoolKind.Sum),
        ["Attention"] = (run, columns) => Attention(run, columns, causal: false),
        ["Causal attention"] = (run, columns) => Attention(run, columns, causal: true),
        ["RnnTanh"] = (run, columns) => Recurrent(run, columns, RecurrentCell.RnnTanh, reverse: false),
        ["RnnRelu, reverse"] = (run, columns) => Recurrent(run, columns, RecurrentCell.RnnRelu, reverse: true),
        ["Lstm"] = (run, columns) => Recurrent(run, columns, RecurrentCell.Lstm, reverse: false),
        ["Gru, reverse"] = (run, columns) => Recurrent(run, columns, RecurrentCell.Gru, reverse: true),
    };

    /// <summary>The names, for theories.</summary>
    public static TheoryData<string> Names => [.. ByName.Keys];

    /// <summary>Where random inputs come from, lengths, columns.</summary>
    public static Gen<(int Seed, int[] Lengths, int Columns)> Samples =>
        from seed in Shapes.Seed
        from lengths in Gen.ArrayOf(Gen.Frequency((1, Gen.Constant(0)), (6, Gen.Choose(1, 19)), (1, Gen.Choose(20, 70))), 5)
        from columns in Gen.Choose(1, 8)
        select (seed, lengths, 12 * columns);

    public static SequenceFunction Get(string name, OpRun run, int columns) => ByName[name](run, columns);

    private static SequenceFunction Pool(OpRun run, PoolKind kind) => (input, lengths) =>
    {
        using WorkspaceFrame frame = run.Workspace.Frame();
        Tensor output = run.Workspace.Take(lengths.Length, input.ColumnCount);
        run.Device.Pool(run.Workspace, input, run.Ragged(lengths), kind, output);
        return [.. run.Rows(output).Select(row => new[] { row })];
    };

    private static SequenceFunction Attention(OpRun run, int columns, bool causal)
    {
        int hidden = columns / 3;
        return (input, lengths) =>
        {
            using WorkspaceFrame frame = run.Workspace.Frame();
            Ragged sequences = run.Ragged(lengths);
            Tensor output = run.Workspace.Take(input.RowCount, hidden);
            run.Device.Attention(
                run.Workspace,
                input.Columns(0, hidden),
                input.Columns(hidden, hidden),
                input.Columns(2 * hidden, hidden),
                new AttentionSpec(sequences, sequences, HeadCount: 2, Scale: 0.4f, causal),
                output);
            return Split(run.Rows(output), lengths);
        };
    }

    private static SequenceFunction Recurrent(OpRun run, int columns, RecurrentCell cell, bool reverse)
    {
        RecurrentSpec spec = new(cell, columns, run.Data.Between(1, 40), reverse);
        RecurrentWeights weights = RecurrentOps.Weights(run, spec, biases: true);
        return (input, lengths) =>
        {
            using WorkspaceFrame frame = run.Workspace.Frame();
            Tensor output = run.Workspace.Take(input.RowCount, spec.HiddenSize);
            RecurrentState final = RecurrentOps.State(spec, () => run.Workspace.Take(lengths.Length, spec.HiddenSize));
            run.Device.Recurrent(run.Workspace, input, weights, run.Ragged(lengths), default, output, final);
            double[][] states = run.Rows(final.Cell ?? final.Hidden!.Value);
            return [.. Split(run.Rows(output), lengths).Zip(states, (rows, state) => (double[][])[.. rows, state])];
        };
    }

    private static double[][][] Split(double[][] rows, int[] lengths)
    {
        int start = 0;
        return [.. lengths.Select(length => rows[start..(start += length)])];
    }
}
