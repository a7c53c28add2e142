using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;

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
