using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Models.Graphs;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// GraphSAGE: inductive representation learning on large graphs (Hamilton et al. 2017), over a graph and node features given at load.
/// Names: "pyg" (SAGEConv: convs.i.lin_l, convs.i.lin_r) or "graphsage_simple" (enc1.weight, ...).
/// </summary>
/// <remarks>
/// The neighbours of a node are the sources of the edges that reach it: with pyg once for every edge, with graphsage_simple as a set.
/// </remarks>
public sealed class GraphSage : Model
{
    private readonly NodeEncoder _encoder;

    /// <summary>Reads configuration, weights and graph.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    /// <exception cref="Inputs.InputException">The graph or the features are missing or do not fit.</exception>
    public GraphSage(ModelConfig config, WeightScope weights, Device device)
        : this(config, weights, device, ReadSizes(config))
    {
    }

    private GraphSage(ModelConfig config, WeightScope weights, Device device, ImmutableArray<int> sizes)
        : base(device, NodeEncoder.Signature(config.Int("num_nodes"), sizes[^1]))
    {
        bool pyg = config.Choice("naming", ("pyg", true), ("graphsage_simple", false));
        Aggregator aggregator = config.Choice(
            "aggregator", ("mean", Aggregator.Mean), ("max", Aggregator.Max), ("gcn", Aggregator.Gcn));
        NodeNormalization normalization = config.Choice("output_normalization", ("none", NodeNormalization.None), ("l2", NodeNormalization.L2));
        EdgeList edges = ReadEdges(config, pyg, aggregator);
        var numbering = NodeNumbering.Create(config.NodeReordering, edges);
        Graph graph = edges.ToGraph(device, isWeighted: false, numbering);
        Activation[] activations = NodeEncoder.Activations(config, sizes.Length - 1);
        IEnumerable<IGraphLayer> layers = activations.Select((activation, i) =>
            CreateLayer(device, graph, ReadWeights(weights, pyg, aggregator, i, sizes[i], sizes[i + 1]), aggregator, activation));
        _encoder = new NodeEncoder(device, config, sizes[0], layers, normalization, numbering);
    }

    /// <inheritdoc/>
    public override void Forward(ForwardPass pass) => _encoder.Forward(pass);

    internal static ImmutableArray<int> ReadSizes(ModelConfig config)
    {
        ImmutableArray<int> sizes = config.Ints("sizes");
        return sizes.Length >= 2 ? sizes : throw config.Error("sizes", $"has {sizes.Length} entries; expected the input's and at least one layer's");
    }

    private static EdgeList ReadEdges(ModelConfig config, bool pyg, Aggregator aggregator)
    {
        EdgeList edges = EdgeList.Read(config.Data, config.Int("num_nodes"), takesWeights: false);
        edges = pyg ? edges : edges.Distinct();
        return edges.With(aggregator == Aggregator.Gcn ? SelfLoops.AddMissing : SelfLoops.None);
    }

    private static LayerWeights ReadWeights(WeightScope weights, bool pyg, Aggregator aggregator, int layer, int inputSize, int outputSize)
    {
        bool hasSelf = aggregator != Aggregator.Gcn;
        if (pyg)
        {
            WeightScope convolution = weights.Scope($"convs.{layer}");
            WeightScope left = convolution.Scope("lin_l");
            return new LayerWeights(
                left.Matrix("weight", outputSize, inputSize),
                hasSelf ? convolution.Matrix("lin_r.weight", outputSize, inputSize) : null,
                left.Vector("bias", outputSize));
        }

        string name = $"enc{layer + 1}.weight";
        if (!hasSelf)
            return new LayerWeights(weights.Matrix(name, outputSize, inputSize), null, null);
        Parameter both = weights.Matrix(name, outputSize, checked(2 * inputSize));
        return new LayerWeights(both.SliceColumns(inputSize, inputSize), both.SliceColumns(0, inputSize), null);
    }

    private static IGraphLayer CreateLayer(Device device, Graph graph, LayerWeights weights, Aggregator aggregator, Activation activation)
    {
        if (weights.Self is not { } self)
            return new MeanConvolution(device, graph, weights.Neighbours, weights.Bias, activation);
        AggregateKind kind = aggregator == Aggregator.Max ? AggregateKind.Max : AggregateKind.Mean;
        return new SageConvolution(device, graph, kind, weights.Neighbours, self, weights.Bias, activation);
    }

    private enum Aggregator
    {
        Mean,
        Max,
        Gcn,
    }

    private sealed record LayerWeights(Parameter Neighbours, Parameter? Self, Parameter? Bias);
}
