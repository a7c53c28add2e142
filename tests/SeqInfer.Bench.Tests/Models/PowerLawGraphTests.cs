using SeqInfer.Bench.Models;
using SeqInfer.Inputs;

namespace SeqInfer.Bench.Tests.Models;

/// <summary>The graphs of the benchmarks.</summary>
public class PowerLawGraphTests
{
    [Fact]
    public void Few_nodes_have_many_neighbours_and_edges_run_both_ways()
    {
        const int Nodes = 2000;
        ModelData data = PowerLawGraph.Create(Nodes, 16, 3);
        int[] sources = data.Ids("edges.sources", out _, out _).ToArray();
        int[] targets = data.Ids("edges.targets", out _, out _).ToArray();
        Assert.Equal(Nodes * 16, sources.Length);
        Assert.Equal(
            sources.Zip(targets).Order(),
            targets.Zip(sources).Order());

        int[] degrees = [.. targets.CountBy(node => node).Select(pair => pair.Value).OrderDescending()];
        Assert.True(degrees[0] > 10 * 16, $"the largest degree is {degrees[0]}");
        Assert.True(degrees[Nodes / 4] < 16, $"a quarter of the nodes has at least {degrees[Nodes / 4]} neighbours");
        Assert.Equal(3 * Nodes, data.Values("node_features", out _, out _).Length);
    }

    [Fact]
    public void A_graph_is_the_same_in_every_run() => Assert.Equal(
        PowerLawGraph.Create(100, 4, 1).Ids("edges.sources", out _, out _).ToArray(),
        PowerLawGraph.Create(100, 4, 1).Ids("edges.sources", out _, out _).ToArray());
}
