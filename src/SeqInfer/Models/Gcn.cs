using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Models.Graphs;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// Graph convolutional network (Kipf and Welling 2017), over a graph and node features given at load. Names: "pygcn" (gc1.weight, ...),
/// "pyg" (convs.i.lin.weight) or "pyg_1" (convs.i.weight, [in, out], before 2.0).
/// </summary>
/// <remarks>The adjacency matrix is normalised at load, in double precision.</remarks>
public sealed class Gcn : Model
{
    private readonly NodeEncoder _encoder;

    /// <summary>Reads configuration, weights and graph.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    /// <exception cref="Inputs.InputException">The graph or the features are missing or do not fit.</exception>
    public Gcn(ModelConfig config, WeightScope weights, Device device)
        : this(config, weights, device, GraphSage.ReadSizes(config))
    {
    }

    private Gcn(ModelConfig config, WeightScope weights, Device device, ImmutableArray<int> sizes)
        : base(device, NodeEncoder.Signature(config.Int("num_nodes"), sizes[^1]))
    {
        Naming naming = config.Choice("naming", ("pygcn", Naming.PyGcn), ("pyg", Naming.PyG), ("pyg_1", Naming.PyG1));
        NodeNormalization normalization = config.Choice(
            "output_normalization", ("none", NodeNormalization.None), ("l2", NodeNormalization.L2), ("log_softmax", NodeNormalization.LogSoftmax));
        bool hasBias = config.Bool("bias");
        EdgeList edges = ReadEdges(config);
        var numbering = NodeNumbering.Create(config.NodeReordering, edges);
        Graph graph = edges.ToGraph(device, isWeighted: true, numbering);
        Activation[] activations = NodeEncoder.Activations(config, sizes.Length - 1);
        IEnumerable<IGraphLayer> layers = activations.Select((activation, i) =>
        {
            WeightScope scope = weights.Scope(naming == Naming.PyGcn ? $"gc{i + 1}" : $"convs.{i}");
            Parameter weight = naming == Naming.PyG
                ? scope.Matrix("lin.weight", sizes[i + 1], sizes[i])
                : scope.Matrix("weight", sizes[i], sizes[i + 1]).Transpose();
            return new GraphConvolution(device, graph, weight, hasBias ? scope.Vector("bias", sizes[i + 1]) : null, activation);
        });
        _encoder = new NodeEncoder(device, config, sizes[0], layers, normalization, numbering);
    }

    /// <inheritdoc/>
    public override void Forward(ForwardPass pass) => _encoder.Forward(pass);

    private static EdgeList ReadEdges(ModelConfig config)
    {
        SelfLoops loops = config.Choice("self_loops", ("add", SelfLoops.Add), ("add_missing", SelfLoops.AddMissing), ("none", SelfLoops.None));
        double exponent = config.Choice("normalization", ("row", -1.0), ("symmetric", -0.5), ("none", 0.0));
        int nodes = config.Int("num_nodes");
        EdgeList edges = EdgeList.Read(config.Data, nodes, takesWeights: true).With(loops, config.NonNegative("self_loop_weight")).Summed();
        double[] ones = new double[nodes];
        Array.Fill(ones, 1);
        double[] degrees = exponent == 0 ? ones : edges.DegreePowers(exponent);
        return edges.Scaled(degrees, exponent == -1 ? ones : degrees);
    }

    private enum Naming
    {
        PyGcn,
        PyG,
        PyG1,
    }
}
