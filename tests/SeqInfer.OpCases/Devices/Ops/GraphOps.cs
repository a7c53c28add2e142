using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Ops;

/// <summary>Random calls of message passing, over graphs of the device and over lists in the workspace.</summary>
internal static class GraphOps
{
    public static Gen<OpCase> Aggregate =>
        from seed in Shapes.Seed
        from degrees in Shapes.Lengths
        from senders in Gen.Choose(1, 30)
        from columns in Shapes.AnyColumns
        from kind in Gen.Elements(Enum.GetValues<AggregateKind>())
        from weighted in Shapes.Flag
        from isGraph in Shapes.Flag
        let hasWeights = weighted && kind == AggregateKind.Sum
        select new OpCase(
            $"{kind} of {columns} columns, weighted {hasWeights}, graph {isGraph}, degrees {string.Join(' ', degrees)}",
            seed,
            kind == AggregateKind.Max ? OpTolerance.Exact : OpTolerance.Sum(degrees.DefaultIfEmpty().Max() + 1, 2 * InputData.Magnitude),
            run =>
            {
                Adjacency adjacency = Neighbours(run, degrees, senders, hasWeights, isGraph);
                Tensor input = run.Input(senders, columns);
                Tensor output = run.Output(degrees.Length, columns);
                return () => run.Device.Aggregate(run.Workspace, input, adjacency, kind, output);
            });

    /// <summary>Often square in what stands beside the aggregates: the same rows; now and then more nodes than are taken at a time.</summary>
    public static Gen<OpCase> AggregateLinear =>
        from seed in Shapes.Seed
        from degrees in Gen.Frequency((4, Shapes.Lengths), (1, ManyDegrees))
        from senders in Gen.Choose(1, 30)
        from columns in Shapes.Columns
        from outputs in Shapes.Columns
        from ownColumns in Gen.Frequency((2, Gen.Constant(0)), (1, Shapes.FewColumns))
        from activation in Shapes.Activation
        from kind in Gen.Elements(Enum.GetValues<AggregateKind>())
        from weighted in Shapes.Flag
        from isGraph in Shapes.Flag
        from source in Gen.Elements(Enum.GetValues<RowSource>())
        let hasWeights = weighted && kind == AggregateKind.Sum
        select new OpCase(
            $"{kind} of {columns} columns of a {source} beside {ownColumns} -> {outputs}, {activation}, weighted {hasWeights}, graph {isGraph}, "
            + $"degrees {string.Join(' ', degrees)}",
            seed,
            LinearTolerance(degrees.DefaultIfEmpty().Max() + 1, columns + ownColumns, activation),
            run =>
            {
                // Weights whose products keep the magnitude of what they are multiplied with.
                int inputs = columns + ownColumns;
                Parameter weight = run.Data.Parameter(outputs, inputs, 1 / MathF.Sqrt(inputs));
                Parameter bias = run.Data.Parameter(1, outputs);
                LinearWeights weights = run.Make(device => device.CreateLinear(weight, bias));
                Adjacency adjacency = Neighbours(run, degrees, senders, hasWeights, isGraph);
                NodeRows input = RowsOf(run, source, senders, columns);
                NodeRows? own = ownColumns == 0 ? null : new NodeRows(run.Input(degrees.Length, ownColumns));
                Tensor output = run.Output(degrees.Length, outputs);
                return () => run.Device.AggregateLinear(run.Workspace, input, adjacency, kind, weights, output, activation, own);
            });

    public static Gen<OpCase> GraphAttention =>
        from seed in Shapes.Seed
        from degrees in Shapes.Lengths
        from senders in Gen.Choose(1, 30)
        from heads in Gen.Choose(1, 20)
        from size in Shapes.FewColumns
        from slope in Gen.Elements(0.01f, 0.2f)
        from isGraph in Shapes.Flag
        select new OpCase(
            $"{heads} x {size}, slope {slope}, graph {isGraph}, degrees {string.Join(' ', degrees)}",
            seed,
            OpTolerance.Attention(1, degrees.DefaultIfEmpty().Max()),
            run =>
            {
                Adjacency adjacency = Neighbours(run, degrees, senders, hasWeights: false, isGraph);
                Tensor input = run.Input(senders, heads * size);
                Tensor target = run.Input(degrees.Length, heads);
                Tensor source = run.Input(senders, heads);
                Tensor output = run.Output(degrees.Length, heads * size);
                return () => run.Device.GraphAttention(run.Workspace, input, target, source, adjacency, slope, output);
            });

    private enum RowSource
    {
        Window,
        Table,
        RoundedTable,
    }

    private static NodeRows RowsOf(OpRun run, RowSource source, int rows, int columns)
    {
        if (source == RowSource.Window)
            return new NodeRows(run.Input(rows, columns));
        if (source == RowSource.Table)
            return new NodeRows(run.Table(rows, columns));
        Parameter rounded = Parameter.FromRoundedValues("rounded", rows, columns, run.Data.Values(rows * columns));
        return new NodeRows(run.Make(device => device.CreateTable(rounded)));
    }

    private static Gen<int[]> ManyDegrees => from count in Gen.Choose(100, 200) from degrees in Gen.ArrayOf(Gen.Choose(0, 5), count) select degrees;

    private static OpTolerance LinearTolerance(int degree, int inputs, Activation activation) => activation.Kind == ActivationKind.SignedSqrt
        ? OpTolerance.RootOfSum(degree * (inputs + 2), 2 * InputData.Magnitude)
        : OpTolerance.Sum(degree * (inputs + 2), 2 * InputData.Magnitude);

    private static Adjacency Neighbours(OpRun run, int[] degrees, int senders, bool hasWeights, bool isGraph)
    {
        int edges = degrees.Sum();
        int[] columns = run.Data.Ids(edges, 0, senders - 1);
        float[] weights = hasWeights ? run.Data.Values(edges) : [];
        if (!isGraph)
        {
            // Weights lie without gaps, so their window is no range of a wider one.
            Tensor? window = hasWeights ? run.Workspace.Take(edges, 1) : null;
            if (window is { } values)
                run.Device.Write(run.Workspace, weights, values);
            return new Adjacency(run.Ragged(degrees), run.Ids(columns), window);
        }

        int[] offsets = [0, .. degrees.Select((_, i) => degrees[..(i + 1)].Sum())];
        return new Adjacency(run.Make(device => device.CreateGraph(offsets, columns, senders, Array.ConvertAll(weights, value => (double)value))));
    }
}
