using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Models.Graphs;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Tests.Runtime;

namespace SeqInfer.Tests.Models;

/// <summary>Graphs whose nodes are numbered anew: what the orders are, and that nobody sees them in the results.</summary>
public class NodeReorderingTests
{
    private static readonly string[] Cases =
    [
        "gcn-pyg", "gcn-pyg-improved-3-layers", "gcn-pygcn", "gcn-pyg-no-loops-l2", "graphsage-pyg-mean", "graphsage-pyg-max-tanh", "graphsage-simple-gcn",
        "gat-pyg", "gat-pygat-sparse",
    ];

    public static TheoryData<string> Everywhere => [.. TestDevices.Names];

    private static IEnumerable<NodeReordering> Orders => Enum.GetValues<NodeReordering>().Where(order => order != NodeReordering.None);

    [Fact]
    public void Every_node_has_one_place() => Property.Check(Graphs(), edges =>
    {
        foreach (NodeReordering order in Orders)
        {
            NodeNumbering numbering = NodeNumbering.Create(order, edges)!;
            Assert.Equal(Enumerable.Range(0, edges.NodeCount), numbering.Ids.ToArray().Order());
            for (int place = 0; place < edges.NodeCount; place++)
                Assert.Equal(place, numbering.Places[numbering.Ids[place]]);
        }
    });

    [Fact]
    public void Places_stay_ids_where_nothing_is_asked_for() => Assert.Null(NodeNumbering.Create(NodeReordering.None, new EdgeList(3, [new(0, 2, 1)])));

    [Fact]
    public void An_order_that_does_not_exist_is_an_error()
    {
        var options = new LoadOptions { Data = Goldens.Data("gcn-pyg"), NodeReordering = (NodeReordering)7 };
        Assert.Throws<ArgumentOutOfRangeException>(() => SequenceModel.Load(Goldens.Case("gcn-pyg"), options));
    }

    // From one end to the other, so that no edge is longer than 1
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(57)]
    public void A_chain_lies_in_its_order(int length)
    {
        int[] ids = Shuffled(length);
        EdgeList edges = new(length, Enumerable.Range(1, length - 1).Select(i => new Edge(ids[i], ids[i - 1], 1)));
        NodeNumbering numbering = NodeNumbering.Create(NodeReordering.ReverseCuthillMcKee, edges)!;
        Assert.InRange(Longest(edges, numbering), 0, 1);
    }

    // Levels are the diagonals between two opposite corners. Without an order an edge spans a third of all nodes on average.
    [Fact]
    public void Edges_of_a_grid_get_no_longer_than_two_diagonals()
    {
        const int Width = 12;
        const int Height = 40;
        int[] ids = Shuffled(Width * Height);
        List<Edge> found = [];
        for (int node = 0; node < ids.Length; node++)
        {
            if (node % Width < Width - 1)
                found.Add(new Edge(ids[node], ids[node + 1], 1));
            if (node + Width < ids.Length)
                found.Add(new Edge(ids[node], ids[node + Width], 1));
        }

        EdgeList edges = new(ids.Length, found);
        Assert.InRange(Longest(edges, NodeNumbering.Create(NodeReordering.ReverseCuthillMcKee, edges)!), 1, 2 * Width);
    }

    // Twenty groups of 12 that all know each other, each with one edge to the next. Its owner may take in a whole neighbour before its own group.
    [Fact]
    public void A_community_lies_together()
    {
        const int Groups = 20;
        const int Size = 12;
        int[] ids = Shuffled(Groups * Size);
        List<Edge> found = [];
        for (int node = 0; node < ids.Length; node++)
        {
            for (int other = node + 1; other < (node / Size * Size) + Size; other++)
                found.Add(new Edge(ids[node], ids[other], 1));
            if (node % Size == 0)
                found.Add(new Edge(ids[node], ids[(node + Size + 1) % ids.Length], 1));
        }

        NodeNumbering numbering = NodeNumbering.Create(NodeReordering.Communities, new EdgeList(ids.Length, found))!;
        for (int first = 0; first < ids.Length; first += Size)
        {
            int[] places = [.. Enumerable.Range(first, Size).Select(node => numbering.Places[ids[node]]).Order()];
            Assert.InRange(places[^1] - places[0], Size - 1, (2 * Size) - 1);
        }
    }

    [Fact]
    public void An_order_does_not_depend_on_how_edges_are_listed() => Property.Check(Graphs(), edges =>
    {
        Edge[] listed = edges.Edges.ToArray();
        new Random(5).Shuffle(listed);
        EdgeList twice = new(edges.NodeCount, listed.Concat(listed.Select(edge => new Edge(edge.Source, edge.Target, edge.Weight))));
        foreach (NodeReordering order in Orders)
            Assert.Equal(NodeNumbering.Create(order, edges)!.Ids, NodeNumbering.Create(order, twice)!.Ids);
    });

    [Theory]
    [MemberData(nameof(Everywhere))]
    public void Results_are_the_same_bits(string device) => Property.Check(
        Graphs(),
        edges =>
        {
            foreach (string name in Cases)
            {
                float[] expected = Embeddings(name, edges, device, NodeReordering.None);
                foreach (NodeReordering order in Orders)
                {
                    float[] actual = Embeddings(name, edges, device, order);
                    Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), actual.Select(BitConverter.SingleToInt32Bits));
                }
            }
        },
        count: 12);

    [Fact]
    public void A_request_allocates_nothing()
    {
        foreach (NodeReordering order in Orders)
        {
            using var model = SequenceModel.Load(Goldens.Case("gcn-pyg"), new LoadOptions { Data = Goldens.Data("gcn-pyg"), NodeReordering = order });
            using ModelWorkspace workspace = model.CreateWorkspace(maxBatch: 1);
            Batch batch = model.CreateBatch();
            for (int i = 0; i < 3; i++)
                model.Run(batch, workspace);
            Assert.Equal(0, Allocation.Of(() => model.Run(batch, workspace)));
        }
    }

    private static float[] Embeddings(string name, EdgeList edges, string device, NodeReordering order)
    {
        int columns = Goldens.Data(name).Values("node_features", out _, out int width).IsEmpty ? 0 : width;
        var random = new Random(edges.NodeCount);
        float[] features = [.. Enumerable.Range(0, edges.NodeCount * columns).Select(_ => random.NextSingle() - 0.5f)];
        Edge[] listed = edges.Edges.ToArray();
        ModelData data = new ModelData()
            .Add("edges.sources", listed.Length, 1, Array.ConvertAll(listed, edge => edge.Source))
            .Add("edges.targets", listed.Length, 1, Array.ConvertAll(listed, edge => edge.Target))
            .Add("node_features", edges.NodeCount, columns, features);
        using var model = SequenceModel.Load(Goldens.Case(name), new LoadOptions
        {
            Device = device,
            Data = data,
            NodeReordering = order,
            ConfigOverrides = new Dictionary<string, string> { ["num_nodes"] = $"{edges.NodeCount}" },
        });
        using ModelWorkspace workspace = model.CreateWorkspace(maxBatch: 0);
        model.Run(model.CreateBatch(), workspace);
        OutputView view = workspace["embeddings"];
        float[] values = new float[view.ElementCount];
        view.CopyTo(values);
        return values;
    }

    // From no edges to many, with loops, doubles and nodes that have none
    private static Gen<EdgeList> Graphs() => Gen.Choose(0, int.MaxValue).Select(seed =>
    {
        var random = new Random(seed);
        int nodes = random.Next(1, 120);
        int edges = random.Next(0, 6 * nodes);
        return new EdgeList(nodes, Enumerable.Range(0, edges).Select(_ => new Edge(random.Next(nodes), random.Next(random.Next(1, nodes + 1)), 1)));
    });

    private static int[] Shuffled(int count)
    {
        int[] ids = [.. Enumerable.Range(0, count)];
        new Random(count).Shuffle(ids);
        return ids;
    }

    private static int Longest(EdgeList edges, NodeNumbering numbering)
    {
        int longest = 0;
        foreach (Edge edge in edges.Edges)
            longest = Math.Max(longest, Math.Abs(numbering.Places[edge.Source] - numbering.Places[edge.Target]));
        return longest;
    }
}
