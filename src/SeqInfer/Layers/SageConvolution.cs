using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>
/// y = activation(aggregate(x) W_n^T + x W_s^T + b): GraphSAGE (Hamilton et al. 2017). A mean is taken on the narrower side of W_n, which
/// gives the same; a maximum is taken of the input.
/// </summary>
public sealed class SageConvolution : IGraphLayer
{
    private readonly Device _device;
    private readonly Adjacency _adjacency;
    private readonly AggregateKind _aggregate;
    private readonly Activation _activation;
    private readonly LinearWeights _weights;
    private readonly bool _projectsFirst;

    /// <summary>Wraps weights.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="graph">Who the neighbours are.</param>
    /// <param name="aggregate">Mean or maximum.</param>
    /// <param name="ofNeighbours">W_n [out, in].</param>
    /// <param name="ofSelf">W_s [out, in].</param>
    /// <param name="bias">[1, out], or null.</param>
    /// <param name="activation">Which function.</param>
    public SageConvolution(
        Device device, Graph graph, AggregateKind aggregate, Parameter ofNeighbours, Parameter ofSelf, Parameter? bias, Activation activation)
    {
        _device = device;
        _adjacency = new Adjacency(graph);
        _aggregate = aggregate;
        _activation = activation;
        OutputSize = ofSelf.Rows;
        _projectsFirst = aggregate == AggregateKind.Mean && ofSelf.Rows < ofSelf.Columns;
        if (_projectsFirst)
        {
            Parameter none = Parameter.Zeros("no bias", 1, OutputSize);
            _weights = device.CreateLinear(
                Parameter.ConcatRows("neighbours, self", ofNeighbours, ofSelf), Parameter.ConcatColumns("bias", none, bias ?? none));
        }
        else
        {
            _weights = device.CreateLinear(Parameter.ConcatColumns("neighbours, self", ofNeighbours, ofSelf), bias);
        }
    }

    /// <inheritdoc/>
    public int OutputSize { get; }

    /// <inheritdoc/>
    public void Forward(Workspace workspace, in NodeRows x, Tensor y)
    {
        if (!_projectsFirst)
        {
            _device.AggregateLinear(workspace, x, _adjacency, _aggregate, _weights, y, _activation, own: x);
            return;
        }

        using WorkspaceFrame frame = workspace.Frame();
        Tensor both = workspace.Take(x.RowCount, 2 * OutputSize);
        _device.Linear(workspace, _device.Window(workspace, x), _weights, both);
        _device.Aggregate(workspace, both.Columns(0, OutputSize), _adjacency, _aggregate, y);
        _device.Combine(workspace, y, both.Columns(OutputSize, OutputSize), BinaryOperation.Add, y);
        _device.Apply(workspace, y, _activation, y);
    }
}
