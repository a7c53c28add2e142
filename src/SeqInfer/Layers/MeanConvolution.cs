using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>
/// y = activation(mean(x) W^T + b), the mean over neighbours that are never none: GraphSAGE's "gcn" aggregation. The mean is taken on the
/// narrower side of W.
/// </summary>
public sealed class MeanConvolution : IGraphLayer
{
    private readonly Device _device;
    private readonly Adjacency _adjacency;
    private readonly LinearWeights _weights;
    private readonly Activation _activation;

    /// <summary>Wraps weights.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="graph">Who the neighbours are, at least one for every node.</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[1, out], or null.</param>
    /// <param name="activation">Which function.</param>
    public MeanConvolution(Device device, Graph graph, Parameter weight, Parameter? bias, Activation activation)
    {
        _device = device;
        _adjacency = new Adjacency(graph);
        _activation = activation;
        _weights = device.CreateLinear(weight, bias);
    }

    /// <inheritdoc/>
    public int OutputSize => _weights.OutputSize;

    /// <inheritdoc/>
    public void Forward(Workspace workspace, in NodeRows x, Tensor y)
    {
        if (OutputSize >= x.ColumnCount)
        {
            _device.AggregateLinear(workspace, x, _adjacency, AggregateKind.Mean, _weights, y, _activation);
            return;
        }

        using WorkspaceFrame frame = workspace.Frame();
        Tensor projected = workspace.Take(x.RowCount, OutputSize);
        _device.Linear(workspace, _device.Window(workspace, x), _weights, projected);
        _device.Aggregate(workspace, projected, _adjacency, AggregateKind.Mean, y);
        _device.Apply(workspace, y, _activation, y);
    }
}
