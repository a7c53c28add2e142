using SeqInfer.Devices;
using SeqInfer.Gpu.Devices;
using SeqInfer.Gpu.Tests.Infrastructure;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;

namespace SeqInfer.Gpu.Tests.Devices;

/// <summary>
/// Nodes of every degree: those that threads take alone and those that a group shares, from a graph, whose order is made at load, and from the
/// lists of a request. What differs is who takes which edges, never a bit of the result.
/// </summary>
public sealed class EdgeOrderTests
{
    private const int Seed = 78;
    private const int SenderCount = 50;

    // Around a block of 32 edges and the 256 from which on a node is heavy; one with more blocks than a group has threads for
    private static readonly int[] Degrees = [0, 1, 300, 31, 32, 33, 256, 257, 4, 2100, 64, 7];

    public static TheoryData<string, AggregateKind, int> Aggregations()
    {
        TheoryData<string, AggregateKind, int> data = [];
        foreach (string device in new[] { GpuTestDevices.Plain, GpuTestDevices.Tuned, GpuTestDevices.OpenCl, GpuTestDevices.Cuda })
        {
            foreach (AggregateKind kind in Enum.GetValues<AggregateKind>())
            {
                data.Add(device, kind, 64);
                data.Add(device, kind, 7);
                data.Add(device, kind, 150);
            }
        }

        return data;
    }

    public static TheoryData<string, int, int> Heads()
    {
        TheoryData<string, int, int> data = [];
        foreach (string device in new[] { GpuTestDevices.Plain, GpuTestDevices.Tuned, GpuTestDevices.OpenCl, GpuTestDevices.Cuda })
        {
            foreach ((int heads, int size) in new[] { (1, 64), (8, 8), (3, 5), (10, 4), (1, 140) })
                data.Add(device, heads, size);
        }

        return data;
    }

    [SkippableTheory, MemberData(nameof(Aggregations))]
    public void Aggregation_gives_the_same_bits_whoever_takes_the_edges(string name, AggregateKind kind, int columns)
    {
        OpCase op = Case(OpTolerance.Sum(Degrees.Max() + 1, 2 * InputData.Magnitude), (run, adjacency) =>
        {
            Tensor input = run.Input(SenderCount, columns);
            Tensor ofGraph = run.Output(Degrees.Length, columns);
            Tensor ofLists = run.Output(Degrees.Length, columns);
            return () =>
            {
                run.Device.Aggregate(run.Workspace, input, adjacency.OfGraph, kind, ofGraph);
                run.Device.Aggregate(run.Workspace, input, adjacency.OfLists, kind, ofLists);
            };
        });
        Check(name, op);
    }

    [SkippableTheory, MemberData(nameof(Heads))]
    public void Attention_gives_the_same_bits_whoever_takes_the_edges(string name, int heads, int size)
    {
        OpCase op = Case(OpTolerance.Attention(1, Degrees.Max()), (run, adjacency) =>
        {
            Tensor input = run.Input(SenderCount, heads * size);
            Tensor target = run.Input(Degrees.Length, heads);
            Tensor source = run.Input(SenderCount, heads);
            Tensor ofGraph = run.Output(Degrees.Length, heads * size);
            Tensor ofLists = run.Output(Degrees.Length, heads * size);
            return () =>
            {
                run.Device.GraphAttention(run.Workspace, input, target, source, adjacency.OfGraph, 0.2f, ofGraph);
                run.Device.GraphAttention(run.Workspace, input, target, source, adjacency.OfLists, 0.2f, ofLists);
            };
        });
        Check(name, op);
    }

    [SkippableTheory, MemberData(nameof(Aggregations))]
    public void Pooling_gives_the_same_bits_alone_and_among_others(string name, AggregateKind kind, int columns)
    {
        PoolKind pool = kind switch { AggregateKind.Sum => PoolKind.Sum, AggregateKind.Mean => PoolKind.Mean, _ => PoolKind.Max };
        OpCase op = new($"{pool}", Seed, OpTolerance.Sum(Degrees.Max() + 1, InputData.Magnitude), run =>
        {
            Ragged all = run.Ragged(Degrees);
            Ragged[] each = [.. Degrees.Select(length => run.Ragged(length))];
            Tensor input = run.Input(Degrees.Sum(), columns);
            Tensor together = run.Output(Degrees.Length, columns);
            Tensor alone = run.Output(Degrees.Length, columns);
            return () =>
            {
                run.Device.Pool(run.Workspace, input, all, pool, together);
                for (int i = 0, first = 0; i < each.Length; first += Degrees[i++])
                    run.Device.Pool(run.Workspace, input.Rows(first, Degrees[i]), each[i], pool, alone.Rows(i, 1));
            };
        });
        Check(name, op);
    }

    [Fact]
    public void The_plain_and_the_tuned_versions_have_the_same_bits()
    {
        OpCase op = Case(OpTolerance.Exact, (run, adjacency) =>
        {
            Tensor input = run.Input(SenderCount, 24);
            Tensor scores = run.Input(Degrees.Length, 3);
            Tensor source = run.Input(SenderCount, 3);
            Tensor sums = run.Output(Degrees.Length, 24);
            Tensor attended = run.Output(Degrees.Length, 24);
            return () =>
            {
                run.Device.Aggregate(run.Workspace, input, adjacency.OfGraph, AggregateKind.Mean, sums);
                run.Device.GraphAttention(run.Workspace, input, scores, source, adjacency.OfGraph, 0.2f, attended);
            };
        });
        OpHarness.Run(GpuTestDevices.Require(GpuTestDevices.Tuned), op).ShouldEqual(OpHarness.Run(GpuTestDevices.Require(GpuTestDevices.Plain), op));
    }

    [Fact]
    public void Nodes_are_ordered_by_degree_the_heavy_ones_first()
    {
        int[] offsets = [0, .. Degrees.Select((_, i) => Degrees[..(i + 1)].Sum())];
        (int[] nodes, int heavyCount) = DegreeOrder.Of(offsets);
        Assert.Equal(3, heavyCount);
        Assert.Equal([300, 257, 2100, 256, 64, 32, 33, 31, 4, 7, 1, 0], nodes.Select(node => Degrees[node]));
    }

    private static void Check(string name, OpCase op)
    {
        Device device = GpuTestDevices.Require(name);
        OpResults results = OpHarness.Run(device, op);
        results.ShouldBe(OpHarness.Run(TestDevices.Reference, op), op.Tolerance, name);
        Assert.Equal(results.Matrices[0].Bits, results.Matrices[1].Bits);
    }

    private static OpCase Case(OpTolerance tolerance, Func<OpRun, (Adjacency OfGraph, Adjacency OfLists), Action> setup) =>
        new("heavy and light nodes", Seed, tolerance, run =>
        {
            int[] columns = run.Data.Ids(Degrees.Sum(), 0, SenderCount - 1);
            int[] offsets = [0, .. Degrees.Select((_, i) => Degrees[..(i + 1)].Sum())];
            Adjacency ofLists = new(run.Ragged(Degrees), run.Ids(columns));
            Adjacency ofGraph = new(run.Make(device => device.CreateGraph(offsets, columns, SenderCount, [])));
            return setup(run, (ofGraph, ofLists));
        });
}
