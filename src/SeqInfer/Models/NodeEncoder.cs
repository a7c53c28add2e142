using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Models.Graphs;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>What is done with the rows of the last layer.</summary>
internal enum NodeNormalization
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Rows of length 1.</summary>
    L2,

    /// <summary>The logarithm of the softmax.</summary>
    LogSoftmax,
}

/// <summary>
/// What the families over a fixed graph share: "node_features" in, given at load, layers of messages, output "embeddings" for every node.
/// </summary>
internal sealed class NodeEncoder
{
    private readonly Device _device;
    private readonly Table _features;
    private readonly IGraphLayer[] _layers;
    private readonly NodeNormalization _normalization;
    private readonly NodeNumbering? _numbering;
    private readonly int _widest;

    /// <summary>Wraps layers.</summary>
    /// <param name="device">Where they run.</param>
    /// <param name="config">The model's, with the features.</param>
    /// <param name="featureCount">Features of a node.</param>
    /// <param name="layers">First to last.</param>
    /// <param name="normalization">What is done with the last one's rows.</param>
    /// <param name="numbering">The places that the nodes have in the layers' graph; null where they are the ids.</param>
    /// <exception cref="InputException">The features are missing or of another size.</exception>
    public NodeEncoder(
        Device device,
        ModelConfig config,
        int featureCount,
        IEnumerable<IGraphLayer> layers,
        NodeNormalization normalization,
        NodeNumbering? numbering)
    {
        int nodes = config.Int("num_nodes");
        ReadOnlySpan<float> values = config.Data.Values("node_features", out int rows, out int columns);
        if (rows != nodes || columns != featureCount)
            throw new InputException("node_features", $"is [{rows}, {columns}], {config.File} says [{nodes}, {featureCount}]");
        if (numbering is not null)
            values = numbering.Arrange(values, columns);
        _device = device;
        _numbering = numbering;

        // The same values in half the bytes, for which a large graph waits.
        _features = device.CreateTable(BFloat16.AreExact(values)
            ? Parameter.FromRoundedValues("node_features", rows, columns, values)
            : Parameter.FromValues("node_features", rows, columns, values));
        _layers = [.. layers];
        _normalization = normalization;
        _widest = _layers.SkipLast(1).Select(layer => layer.OutputSize).DefaultIfEmpty().Max();
    }

    /// <summary>No inputs, one output.</summary>
    public static ModelSignature Signature(int nodeCount, int width) =>
        new([], [new OutputSpec { Name = "embeddings", Kind = OutputKind.PerNode, NodeCount = nodeCount, Width = width }]);

    /// <summary>The activation after each layer, from "activation" and "activation_after_last_layer".</summary>
    public static Activation[] Activations(ModelConfig config, int layers)
    {
        Activation activation = config.Choice("activation", ActivationNames.All);
        bool afterLast = config.Bool("activation_after_last_layer");
        return [.. Enumerable.Range(0, layers).Select(i => i < layers - 1 || afterLast ? activation : Activation.None)];
    }

    /// <summary>Gives the vector of every node.</summary>
    public void Forward(ForwardPass pass)
    {
        Workspace workspace = pass.Workspace;
        int nodes = _features.RowCount;
        Tensor embeddings = pass.EmitNew(0, nodes, _layers[^1].OutputSize);
        using WorkspaceFrame frame = workspace.Frame();
        Tensor last = _numbering is null ? embeddings : workspace.Take(nodes, embeddings.ColumnCount);
        Tensor front = workspace.Take(nodes, _widest);
        Tensor back = workspace.Take(nodes, _layers.Length > 2 ? _widest : 0);
        NodeRows x = new(_features);
        for (int i = 0; i < _layers.Length; i++)
        {
            Tensor y = i == _layers.Length - 1 ? last : Workspace.Reuse(i % 2 == 0 ? front : back, _layers[i].OutputSize);
            _layers[i].Forward(workspace, x, y);
            x = new NodeRows(y);
        }

        if (_numbering is not null)
            _device.GatherRows(workspace, last, Places(workspace), embeddings);
        if (_normalization == NodeNormalization.L2)
            _device.NormalizeL2(workspace, embeddings, embeddings);
        else if (_normalization == NodeNormalization.LogSoftmax)
            _device.Softmax(workspace, embeddings, embeddings, log: true);
    }

    private Indices Places(Workspace workspace)
    {
        Indices places = workspace.TakeIndices(_features.RowCount);
        _numbering!.Places.CopyTo(workspace.Span(places));
        return places;
    }
}
