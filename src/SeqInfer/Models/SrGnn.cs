using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// SR-GNN: session-based recommendation with graph neural networks (Wu et al. 2019). Names: "cripac" (github.com/CRIPAC-DIG/SR-GNN) or
/// "recbole" (github.com/RUCAIBox/RecBole).
/// </summary>
/// <remarks>
/// A session is a graph of its distinct items; a gated step (Li et al. 2015) mixes each with those before and after it, then attention to the last event
/// makes one vector of all. Keeps no state from event to event: a new event changes the graph, and with it every node.
/// </remarks>
public sealed class SrGnn : SequenceEncoder
{
    private readonly Table _items;
    private readonly Linear _edges;
    private readonly RecurrentWeights _gates;
    private readonly LastEventAttention _attention;
    private readonly Linear? _transform;
    private readonly int _steps;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public SrGnn(ModelConfig config, WeightScope weights, Device device)
        : this(config, weights, device, config.Int("num_items", max: int.MaxValue - 1), config.Int("hidden_size"))
    {
    }

    private SrGnn(ModelConfig config, WeightScope weights, Device device, int itemCount, int size)
        : base(device, new SequenceEncoderShape(size, FirstId: 1, itemCount, itemCount, config.Int("max_length")))
    {
        config.Choice("padding_side", TransformerOptions.PaddingSides);
        (string table, string outBias) = config.Choice(
            "naming", ("cripac", ("embedding.weight", "b_oah")), ("recbole", ("item_embedding.weight", "b_ioh")));
        _steps = config.Int("steps");
        Parameter items = weights.Matrix(table, itemCount + 1, size);
        _items = device.CreateTable(items);

        WeightScope gnn = weights.Scope("gnn");
        gnn.Scope("linear_edge_f").Ignore(name => name is "weight" or "bias");
        Parameter edgeWeight = Parameter.ConcatRows(
            "gnn.linear_edge", gnn.Matrix("linear_edge_in.weight", size, size), gnn.Matrix("linear_edge_out.weight", size, size));
        Parameter edgeBias = Parameter.ConcatColumns(
            "gnn.linear_edge", gnn.Vector("linear_edge_in.bias", size), gnn.Vector("linear_edge_out.bias", size));
        _edges = new Linear(device.CreateLinear(edgeWeight, edgeBias));
        Parameter shift = Parameter.ConcatColumns("gnn.b_ah", gnn.Vector("b_iah", size), gnn.Vector(outBias, size));
        bool takesNew = config.Choice("update_gate", ("keeps_hidden", false), ("takes_new", true));
        _gates = ReadGates(gnn, device, size, shift, takesNew);

        _attention = new LastEventAttention(
            device,
            new Linear(device, weights.Scope("linear_one"), size, size),
            new Linear(device, weights.Scope("linear_two"), size, size),
            new Linear(device, weights.Scope("linear_three"), size, 1, hasBias: false));
        WeightScope transform = weights.Scope("linear_transform");
        if (config.Bool("hybrid"))
            _transform = new Linear(device, transform, 2 * size, size);
        else
            transform.Ignore(name => name is "weight" or "bias");
        RankWith(device.CreateCatalogue(items, null, new CatalogueOptions { ExcludedIds = [0] }));
    }

    /// <inheritdoc/>
    protected override void Encode(ForwardPass pass, Tensor hidden)
    {
        Workspace workspace = pass.Workspace;
        using WorkspaceFrame frame = workspace.Frame();
        Ragged sessions = pass.Sequences(0, out Indices ids);
        var graph = SessionGraph.Build(workspace, ids, sessions);
        int size = _items.ColumnCount;
        Tensor h = workspace.Take(graph.NodeCount, size);
        Device.Embed(workspace, graph.Items, _items, h);
        for (int step = 0; step < _steps; step++)
            Step(pass, graph, h);

        Tensor events = workspace.Take(ids.Count, size);
        Device.GatherRows(workspace, h, graph.NodeOfEvent, events);
        Tensor joined = workspace.Take(sessions.Count, 2 * size);
        Tensor last = joined.Columns(size, size);
        Device.Pool(workspace, events, sessions, PoolKind.Last, last);
        if (_transform is null)
        {
            _attention.Forward(workspace, events, last, sessions, hidden);
            return;
        }

        _attention.Forward(workspace, events, last, sessions, joined.Columns(0, size));
        _transform.Forward(workspace, joined, hidden);
    }

    /// <summary>All nodes at once: h = GRU([mean over edges in, mean over edges out], h).</summary>
    private void Step(ForwardPass pass, SessionGraph graph, Tensor h)
    {
        Workspace workspace = pass.Workspace;
        using WorkspaceFrame frame = workspace.Frame();
        int size = h.ColumnCount;
        Tensor messages = workspace.Take(h.RowCount, 2 * size);
        _edges.Forward(workspace, h, messages);
        Tensor x = workspace.Take(h.RowCount, 2 * size);
        Device.Aggregate(workspace, messages.Columns(0, size), graph.Incoming, AggregateKind.Mean, x.Columns(0, size));
        Device.Aggregate(workspace, messages.Columns(size, size), graph.Outgoing, AggregateKind.Mean, x.Columns(size, size));
        var state = new RecurrentState(h);
        Device.Recurrent(workspace, x, _gates, pass.OneRowEach(h.RowCount), state, null, state);
    }

    // b_iah and b_oah are added before w_ih, which makes them part of its bias. A gate that takes the new state is one minus one that keeps the
    // old: 1 - sigmoid(a) = sigmoid(-a).
    private static RecurrentWeights ReadGates(WeightScope gnn, Device device, int size, Parameter shift, bool takesNew)
    {
        Parameter inputs = gnn.Matrix("w_ih", 3 * size, 2 * size);
        Parameter biasIh = gnn.Vector("b_ih", 3 * size);
        if (!inputs.IsMissing && !biasIh.IsMissing && !shift.IsMissing)
        {
            double[] bias = biasIh.ToArray();
            double[] row = new double[2 * size];
            double[] shifts = shift.ToArray();
            for (int i = 0; i < bias.Length; i++)
            {
                inputs.CopyRow(i, row);
                bias[i] += row.Zip(shifts, (w, b) => w * b).Sum();
            }

            biasIh = Parameter.FromValues(biasIh.Name, 1, bias.Length, bias);
        }

        Parameter Gates(Parameter stacked) => takesNew
            ? Parameter.ConcatRows(
                stacked.Name, stacked.SliceRows(0, size), stacked.SliceRows(size, size).Scale(-1), stacked.SliceRows(2 * size, size))
            : stacked;
        return device.CreateRecurrent(
            new RecurrentSpec(RecurrentCell.Gru, 2 * size, size),
            Gates(inputs),
            Gates(gnn.Matrix("w_hh", 3 * size, size)),
            Gates(biasIh.Transpose()).Transpose(),
            Gates(gnn.Vector("b_hh", 3 * size).Transpose()).Transpose());
    }
}
