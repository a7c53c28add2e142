using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Models.Graphs;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// Graph attention network (Velickovic et al. 2018), over a graph and node features given at load. Names: "pygat" (Diego999/pyGAT, dense and
/// sparse), "pyg" (2.4 and later), "pyg_2" (2.0 to 2.3), "pyg_1_6" (1.6, 1.7) or "pyg_1" (before).
/// </summary>
public sealed class Gat : Model
{
    private readonly NodeEncoder _encoder;

    /// <summary>Reads configuration, weights and graph.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    /// <exception cref="Inputs.InputException">The graph or the features are missing or do not fit.</exception>
    public Gat(ModelConfig config, WeightScope weights, Device device)
        : this(config, weights, device, ReadShapes(config))
    {
    }

    private Gat(ModelConfig config, WeightScope weights, Device device, ImmutableArray<GatLayerShape> shapes)
        : base(device, NodeEncoder.Signature(config.Int("num_nodes"), shapes[^1].OutputSize))
    {
        GatNames names = GatNames.Read(config, shapes);
        bool isNegated = config.Choice("attention_score", ("leaky_relu", false), ("negative_leaky_relu", true));
        double slope = config.NonNegative("negative_slope");
        if (isNegated && slope == 0)
            throw config.Error("negative_slope", "0 is not allowed with attention_score \"negative_leaky_relu\"; expected a positive number");
        NodeNormalization normalization = config.Choice(
            "output_normalization", ("none", NodeNormalization.None), ("l2", NodeNormalization.L2), ("log_softmax", NodeNormalization.LogSoftmax));
        EdgeList edges = ReadEdges(config);
        var numbering = NodeNumbering.Create(config.NodeReordering, edges);
        Graph graph = edges.ToGraph(device, isWeighted: false, numbering);
        Activation[] activations = NodeEncoder.Activations(config, shapes.Length);
        IEnumerable<IGraphLayer> layers = shapes.Select((shape, i) => new GraphAttentionLayer(
            device, graph, names.Read(weights, i, shape, isNegated), slope, isNegated, shape.IsConcatenated, activations[i]));
        _encoder = new NodeEncoder(device, config, shapes[0].InputSize, layers, normalization, numbering);
    }

    /// <inheritdoc/>
    public override void Forward(ForwardPass pass) => _encoder.Forward(pass);

    private static ImmutableArray<GatLayerShape> ReadShapes(ModelConfig config)
    {
        ImmutableArray<int> sizes = config.Ints("head_sizes");
        ImmutableArray<int> heads = config.Ints("heads");
        ImmutableArray<bool> concat = config.Bools("concat");
        if (sizes.IsEmpty)
            throw config.Error("head_sizes", "is empty; expected an entry for each layer");
        if (heads.Length != sizes.Length)
            throw config.Error("heads", $"has {heads.Length} entries; expected {sizes.Length}, as \"head_sizes\"");
        if (concat.Length != sizes.Length)
            throw config.Error("concat", $"has {concat.Length} entries; expected {sizes.Length}, as \"head_sizes\"");
        ImmutableArray<GatLayerShape>.Builder shapes = ImmutableArray.CreateBuilder<GatLayerShape>(sizes.Length);
        int inputSize = config.Int("input_size");
        for (int i = 0; i < sizes.Length; i++)
        {
            shapes.Add(new GatLayerShape(inputSize, sizes[i], heads[i], concat[i]));
            inputSize = shapes[i].OutputSize;
        }

        return shapes.MoveToImmutable();
    }

    private static EdgeList ReadEdges(ModelConfig config)
    {
        bool isSet = config.Choice("edge_multiplicity", ("set", true), ("count", false));
        SelfLoops loops = config.Choice(
            "self_loops", ("add_missing", SelfLoops.AddMissing), ("replace", SelfLoops.Replace), ("none", SelfLoops.None));
        EdgeList edges = EdgeList.Read(config.Data, config.Int("num_nodes"), takesWeights: false);
        return (isSet ? edges.Distinct() : edges).With(loops);
    }
}
