using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Models.Graphs;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// LightGCN: collaborative filtering by propagating embeddings over the graph of users and items (He et al. 2020). Names: user_embedding,
/// item_embedding, which tensor_names gives.
/// </summary>
/// <remarks>
/// The edges are given at load and propagation runs once, there; a request looks its users up and scores the items. Users and items count
/// from 0.
/// </remarks>
public sealed class LightGcn : Model
{
    private const int UsersInput = 0;

    private readonly int _userCount;
    private readonly int _itemCount;
    private readonly int _hidden;
    private readonly int _layers;
    private readonly Table _start;
    private readonly Graph _graph;
    private Table? _nodes;
    private RankingHead? _head;

    /// <summary>Reads configuration, weights and graph.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    /// <exception cref="InputException">The edges are missing or name users or items that do not exist.</exception>
    public LightGcn(ModelConfig config, WeightScope weights, Device device)
        : base(device, MakeSignature(config))
    {
        _userCount = config.Int("num_users");
        _itemCount = config.Int("num_items", max: int.MaxValue - _userCount);
        _hidden = config.Int("hidden_size");
        _layers = config.Int("num_layers", min: 0);
        config.Choice("layer_weights", ("uniform", true));
        config.Choice("normalization", ("symmetric", true));
        _start = device.CreateTable(Parameter.ConcatRows(
            "users, items", weights.Matrix("user_embedding", _userCount, _hidden), weights.Matrix("item_embedding", _itemCount, _hidden)));
        EdgeList edges = ReadEdges(config.Data, _userCount, _itemCount);
        double[] degrees = edges.DegreePowers(-0.5);
        _graph = edges.Scaled(degrees, degrees).ToGraph(device, isWeighted: true);
    }

    /// <inheritdoc/>
    public override void Prepare()
    {
        using Workspace planner = Device.CreatePlanner();
        _ = Propagate(planner);
        using Workspace workspace = Device.CreateWorkspace(planner.Peak);
        Parameter nodes = Propagate(workspace);
        _nodes = Device.CreateTable(nodes);
        Catalogue items = Device.CreateCatalogue(nodes.SliceRows(_userCount, _itemCount), null, new CatalogueOptions());
        _head = new RankingHead(Device, items, Activation.None, Signature, scoresOutput: "user_scores");
        _start.Dispose();
        _graph.Dispose();
    }

    /// <inheritdoc/>
    public override void Forward(ForwardPass pass)
    {
        Give(pass, "embeddings", 0, _userCount + _itemCount);
        Give(pass, "user_embeddings", 0, _userCount);
        Give(pass, "item_embeddings", _userCount, _itemCount);

        Ragged rows = pass.Sequences(UsersInput, out Indices users);
        Tensor user = pass.Take(rows.RowCount, _hidden);
        Device.Embed(pass.Workspace, users, _nodes!, user);
        _head!.Forward(pass, user);
    }

    // E(l+1) = D^-1/2 A D^-1/2 E(l); the result is the mean of all layers.
    private Parameter Propagate(Workspace workspace)
    {
        int nodes = _userCount + _itemCount;
        Tensor sum = workspace.Take(nodes, _hidden);
        Tensor current = workspace.Take(nodes, _hidden);
        Tensor next = workspace.Take(nodes, _hidden);
        Indices all = workspace.TakeIndices(nodes);
        for (int i = 0; i < nodes; i++)
            workspace.Span(all)[i] = i;
        Device.Embed(workspace, all, _start, sum);
        Device.Apply(workspace, sum, Activation.None, current);
        for (int layer = 0; layer < _layers; layer++)
        {
            Device.Aggregate(workspace, current, new Adjacency(_graph), AggregateKind.Sum, next);
            Device.Combine(workspace, sum, next, BinaryOperation.Add, sum);
            (current, next) = (next, current);
        }

        double[] values = new double[sum.ElementCount];
        Device.Read(workspace, sum, values);
        foreach (ref double value in values.AsSpan())
            value /= _layers + 1;
        return Parameter.FromValues("propagated", nodes, _hidden, values);
    }

    private void Give(ForwardPass pass, string name, int first, int count)
    {
        int output = Signature.IndexOfOutput(name);
        if (!pass.Wants(output))
            return;
        Tensor values = pass.EmitNew(output, count, _hidden);
        using WorkspaceFrame frame = pass.Workspace.Frame();
        Indices rows = pass.Numbers(count);
        foreach (ref int row in pass.Workspace.Span(rows))
            row += first;
        Device.Embed(pass.Workspace, rows, _nodes!, values);
    }

    // Items stand behind the users; an edge counts once, however often it is named, and in both directions.
    private static EdgeList ReadEdges(ModelData data, int users, int items)
    {
        ReadOnlySpan<int> edgeItems = EdgeList.Nodes(data, "edges.items", items);
        ReadOnlySpan<int> edgeUsers = data.Contains("edges.offsets")
            ? UsersOf(data.Ids("edges.offsets", out _, out _), users, edgeItems.Length)
            : EdgeList.Nodes(data, "edges.users", users);
        EdgeList.CheckLength("edges.users", edgeUsers.Length, edgeItems.Length);
        var edges = new Edge[2 * edgeItems.Length];
        for (int i = 0; i < edgeItems.Length; i++)
        {
            edges[2 * i] = new Edge(edgeUsers[i], users + edgeItems[i], 1);
            edges[(2 * i) + 1] = new Edge(users + edgeItems[i], edgeUsers[i], 1);
        }

        return new EdgeList(users + items, edges).Distinct();
    }

    private static int[] UsersOf(ReadOnlySpan<int> offsets, int users, int edges)
    {
        if (offsets.Length != users + 1 || offsets[0] != 0 || offsets[^1] != edges)
            throw new InputException("edges.offsets", $"expected {users + 1} offsets from 0 to the {edges} edges");
        int[] owners = new int[edges];
        for (int user = 0; user < users; user++)
        {
            if (offsets[user + 1] < offsets[user])
                throw new InputException("edges.offsets", $"entry {user + 1} is {offsets[user + 1]}, less than the one before, {offsets[user]}");
            owners.AsSpan(offsets[user]..offsets[user + 1]).Fill(user);
        }

        return owners;
    }

    private static ModelSignature MakeSignature(ModelConfig config)
    {
        int users = config.Int("num_users");
        int items = config.Int("num_items", max: int.MaxValue - users);
        OutputSpec nodes = new() { Name = "embeddings", Kind = OutputKind.PerNode, NodeCount = users + items, Width = config.Int("hidden_size"), IsOnDemand = true };
        return new ModelSignature(
            [
                new InputSpec { Name = "users", Kind = InputKind.Ids, Width = 1, MaxId = users - 1, IsEnumerable = true },
                .. RankingHead.Inputs(0, items - 1),
            ],
            [
                .. RankingHead.Outputs(items, "user_scores"),
                nodes,
                nodes with { Name = "user_embeddings", NodeCount = users },
                nodes with { Name = "item_embeddings", NodeCount = items },
            ]);
    }
}
