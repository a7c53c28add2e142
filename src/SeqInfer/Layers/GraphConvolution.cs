using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>
/// y = activation(A (x W^T) + b): a graph convolution (Kipf and Welling 2017) with the normalised adjacency matrix A. Messages are sent
/// on the narrower side of W.
/// </summary>
public sealed class GraphConvolution : IGraphLayer
{
    private readonly Device _device;
    private readonly Adjacency _adjacency;
    private readonly LinearWeights _weights;
    private readonly Bias? _bias;
    private readonly Activation _activation;
    private readonly bool _projectsFirst;

    /// <summary>Wraps weights.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="graph">A, its weights those of the normalised matrix.</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="bias">[1, out], or null.</param>
    /// <param name="activation">Which function.</param>
    public GraphConvolution(Device device, Graph graph, Parameter weight, Parameter? bias, Activation activation)
    {
        _device = device;
        _adjacency = new Adjacency(graph);
        _activation = activation;
        _projectsFirst = weight.Rows < weight.Columns;
        _weights = device.CreateLinear(weight, _projectsFirst ? null : bias);
        _bias = _projectsFirst ? new Bias(device, bias ?? Parameter.Zeros("no bias", 1, weight.Rows)) : null;
    }

    /// <inheritdoc/>
    public int OutputSize => _weights.OutputSize;

    /// <inheritdoc/>
    public void Forward(Workspace workspace, in NodeRows x, Tensor y)
    {
        if (!_projectsFirst)
        {
            _device.AggregateLinear(workspace, x, _adjacency, AggregateKind.Sum, _weights, y, _activation);
            return;
        }

        using WorkspaceFrame frame = workspace.Frame();
        Tensor projected = workspace.Take(x.RowCount, OutputSize);
        _device.Linear(workspace, _device.Window(workspace, x), _weights, projected);
        _device.Aggregate(workspace, projected, _adjacency, AggregateKind.Sum, y);
        _bias!.Forward(workspace, y, y, _activation);
    }
}
