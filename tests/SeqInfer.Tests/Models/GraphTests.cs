using SeqInfer.Inputs;
using SeqInfer.Kernels.Simd;
using SeqInfer.Models;
using SeqInfer.Models.Graphs;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Tests.Runtime;

namespace SeqInfer.Tests.Models;

/// <summary>Graphs as they are prepared at load, and what is said of those that do not fit.</summary>
public class GraphTests
{
    private const int Nodes = 3;

    private static readonly Edge[] Named =
    [
        new(Target: 1, Source: 0, Weight: 2), new(0, 2, 1), new(1, 0, 3), new(2, 2, 4),
    ];

    [Fact]
    public void Edges_are_sorted_and_each_is_kept() =>
        Assert.Equal([new(0, 2, 1), new(1, 0, 2), new(1, 0, 3), new(2, 2, 4)], new EdgeList(Nodes, Named).Edges.ToArray());

    [Fact]
    public void A_set_has_every_edge_once() =>
        Assert.Equal([new(0, 2, 1), new(1, 0, 1), new(2, 2, 1)], new EdgeList(Nodes, Named).Distinct().Edges.ToArray());

    [Fact]
    public void Weights_of_one_edge_add_up() =>
        Assert.Equal([new(0, 2, 1), new(1, 0, 5), new(2, 2, 4)], new EdgeList(Nodes, Named).Summed().Edges.ToArray());

    [Theory]
    [InlineData(SelfLoops.None, "2:4")]
    [InlineData(SelfLoops.Add, "0:9 1:9 2:4 2:9")]
    [InlineData(SelfLoops.AddMissing, "0:9 1:9 2:4")]
    [InlineData(SelfLoops.Replace, "0:9 1:9 2:9")]
    internal void Loops_follow_the_rule(SelfLoops rule, string expected) => Assert.Equal(
        expected,
        string.Join(' ', new EdgeList(Nodes, Named).With(rule, 9).Edges.ToArray().Where(edge => edge.Source == edge.Target).Select(edge => $"{edge.Target}:{edge.Weight}")));

    [Fact]
    public void A_node_without_edges_has_the_power_0() =>
        Assert.Equal([1, 0.04, 0], new EdgeList(Nodes, Named[..3]).DegreePowers(-2));

    [Fact]
    public void A_graph_that_was_not_given_is_named()
    {
        var error = Assert.Throws<InputException>(() => SequenceModel.Load(Goldens.Case("graphsage-pyg-mean")));
        Assert.Contains("edges.sources", error.Message, StringComparison.Ordinal);
        Assert.Contains("LoadOptions.Data", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 0, 26 }, new[] { 1, 2 }, "edges.sources", "entry 1 is 26, expected 0 .. 25")]
    [InlineData(new[] { 0, 1 }, new[] { 1, -1 }, "edges.targets", "entry 1 is -1")]
    [InlineData(new[] { 0, 1 }, new[] { 1 }, "edges.targets", "has 1 entries, the list beside it 2")]
    public void An_edge_that_does_not_fit_is_named(int[] sources, int[] targets, string input, string words)
    {
        ModelData data = new ModelData()
            .Add("edges.sources", sources.Length, 1, sources)
            .Add("edges.targets", targets.Length, 1, targets)
            .Add("node_features", 26, 7, new float[26 * 7]);
        var error = Assert.Throws<InputException>(() => SequenceModel.Load(Goldens.Case("graphsage-pyg-mean"), new LoadOptions { Data = data }));
        Assert.Equal(input, error.Input);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_of_other_size_are_an_error()
    {
        ModelData data = new ModelData()
            .Add("edges.sources", 1, 1, [0]).Add("edges.targets", 1, 1, [1]).Add("node_features", 26, 6, new float[26 * 6]);
        var error = Assert.Throws<InputException>(() => SequenceModel.Load(Goldens.Case("graphsage-pyg-mean"), new LoadOptions { Data = data }));
        Assert.Contains("is [26, 6]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[26, 7]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rounded_features_are_the_nearest_bfloat16_numbers_and_the_rest_stays()
    {
        float[] features = [1, -2.5f, 1 + (1f / 256), 1 + (3f / 256), 3.14159f, float.PositiveInfinity];
        ModelData data = new ModelData().Add("edges.sources", 2, 1, [4, 5]).Add("node_features", 3, 2, features);
        ModelData rounded = data.Rounded("node_features");
        Assert.Equal([1, -2.5f, 1, 1 + (4f / 256), 3.140625f, float.PositiveInfinity], rounded.Values("node_features", out int rows, out int columns));
        Assert.Equal((3, 2), (rows, columns));
        Assert.Equal([4, 5], rounded.Ids("edges.sources", out _, out _));
        Assert.Equal(features, data.Values("node_features", out _, out _));
        Assert.True(BFloat16.AreExact(rounded.Values("node_features", out _, out _)));
        Assert.False(BFloat16.AreExact(features));
        Assert.Throws<InputException>(() => data.Rounded("node_feature"));
    }

    // Features that are bfloat16 numbers are stored so; on the reference device they are doubles.
    [Theory]
    [InlineData("gcn-pyg")]
    [InlineData("gcn-pyg-improved-3-layers")]
    [InlineData("gcn-pygcn")]
    [InlineData("graphsage-pyg-mean")]
    [InlineData("graphsage-pyg-gcn")]
    [InlineData("gat-pyg")]
    public void Rounded_features_give_what_the_reference_device_gives_for_them(string name)
    {
        ModelData data = Goldens.Data(name).Rounded("node_features");
        double[] expected = Embeddings("reference");
        Assert.All(expected, value => Assert.True(double.IsFinite(value)));

        // Sums of some hundred terms, layer after layer
        double tolerance = 1e-5 * expected.Max(Math.Abs);
        foreach (Isa isa in IsaDetection.Supported)
        {
            double[] actual = Embeddings($"cpu:{IsaDetection.NameOf(isa)}");
            Assert.Equal(expected.Length, actual.Length);
            Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second - pair.First, -tolerance, tolerance));
        }

        double[] Embeddings(string where)
        {
            using var model = SequenceModel.Load(Goldens.Case(name), new LoadOptions { Device = where, Data = data });
            using ModelWorkspace workspace = model.CreateWorkspace();
            Batch batch = model.CreateBatch();
            RandomRequests.Fill(batch, [RandomRequests.Create(model.Signature, new Random(3))]);
            model.Run(batch, workspace);
            OutputView view = workspace["embeddings"];
            double[] values = new double[view.ElementCount];
            view.CopyTo(values);
            return values;
        }
    }

    [Fact]
    public void Users_of_a_graph_are_ranked_without_their_own_items()
    {
        using SequenceModel model = Goldens.Load("lightgcn");
        using ModelWorkspace workspace = model.CreateWorkspace(maxBatch: 2, maxExclusions: 2, maxK: 24);
        Batch batch = model.CreateBatch();
        batch.TopK = 24;
        batch.Ids("users").Add(14);
        batch.Ids("users").Add(0);
        batch.Ids("exclude").Add(5, 7);
        batch.Ids("exclude").Add();
        model.Run(batch, workspace, model.Signature.Select("top_k"));
        int[] first = workspace["top_k"].Ids[..24].ToArray();
        Assert.Equal(Enumerable.Range(0, 24).Except([5, 7]), first[..22].Order());
        Assert.Equal([-1, -1], first[22..]);
        Assert.Throws<InputException>(() => batch.Ids("users").Add(15));
    }
}
