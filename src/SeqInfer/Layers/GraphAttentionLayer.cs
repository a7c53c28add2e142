using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>The trained values of a graph attention layer of H heads with S outputs each.</summary>
/// <param name="Kernel">[H * S, in], head after head.</param>
/// <param name="Target">[H, S]: the attention vector of the receiving node.</param>
/// <param name="Source">[H, S]: the attention vector of the sending node.</param>
/// <param name="Bias">[1, H * S], or [1, S] where heads are averaged; or null.</param>
public sealed record GraphAttentionParameters(Parameter Kernel, Parameter Target, Parameter Source, Parameter? Bias);

/// <summary>
/// Graph attention (Velickovic et al. 2018): per head, h = x W; a node's result is the sum of its neighbours' h, weighted by the softmax of
/// s * leaky_relu(a_t h_target + a_s h_source); heads stand side by side or are averaged.
/// </summary>
/// <remarks>
/// a_t W and a_s W are computed at load, so that one matrix product gives h and both parts of the scores. Since a leaky ReLU commutes with
/// positive factors, s = -1 becomes another slope: -leaky_relu(z; n) = leaky_relu(-n z; 1 / n).
/// </remarks>
public sealed class GraphAttentionLayer : IGraphLayer
{
    private readonly Device _device;
    private readonly Adjacency _adjacency;
    private readonly Linear _linear;
    private readonly Bias? _bias;
    private readonly Activation _activation;
    private readonly int _heads;
    private readonly int _headSize;
    private readonly bool _isConcatenated;
    private readonly float _slope;

    /// <summary>Wraps weights.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="graph">Who the neighbours are.</param>
    /// <param name="parameters">The trained values.</param>
    /// <param name="slope">Negative slope of the leaky ReLU; positive where <paramref name="isNegated"/>.</param>
    /// <param name="isNegated">True for s = -1.</param>
    /// <param name="isConcatenated">True where heads stand side by side, false where they are averaged.</param>
    /// <param name="activation">After the bias.</param>
    public GraphAttentionLayer(
        Device device, Graph graph, GraphAttentionParameters parameters, double slope, bool isNegated, bool isConcatenated, Activation activation)
    {
        _device = device;
        _adjacency = new Adjacency(graph);
        _heads = parameters.Target.Rows;
        _headSize = parameters.Target.Columns;
        _isConcatenated = isConcatenated;
        _slope = (float)(isNegated ? 1 / slope : slope);
        _activation = activation;
        double factor = isNegated ? -slope : 1;
        _linear = new Linear(device.CreateLinear(
            Parameter.ConcatRows(
                "kernel, target, source",
                parameters.Kernel,
                Scores(parameters.Kernel, parameters.Target, factor),
                Scores(parameters.Kernel, parameters.Source, factor)),
            null));
        if (parameters.Bias is not null || !isConcatenated)
            _bias = new Bias(device, parameters.Bias ?? Parameter.Zeros("no bias", 1, OutputSize), isConcatenated ? 1 : 1.0 / _heads);
    }

    /// <inheritdoc/>
    public int OutputSize => _isConcatenated ? _heads * _headSize : _headSize;

    /// <inheritdoc/>
    public void Forward(Workspace workspace, in NodeRows x, Tensor y)
    {
        using WorkspaceFrame frame = workspace.Frame();
        int width = _heads * _headSize;
        Tensor all = workspace.Take(x.RowCount, width + (2 * _heads));
        Tensor h = all.Columns(0, width);
        _linear.Forward(workspace, _device.Window(workspace, x), all);
        Tensor mixed = _isConcatenated ? y : workspace.Take(x.RowCount, width);
        _device.GraphAttention(workspace, h, all.Columns(width, _heads), all.Columns(width + _heads, _heads), _adjacency, _slope, mixed);

        Tensor sum = mixed.Columns(0, OutputSize);
        for (int head = 1; head < _heads && !_isConcatenated; head++)
            _device.Combine(workspace, sum, mixed.Columns(head * _headSize, _headSize), BinaryOperation.Add, sum);
        if (_bias is { } bias)
            bias.Forward(workspace, sum, y, _activation);
        else
            _device.Apply(workspace, sum, _activation, y);
    }

    // Row h: the attention vector of head h times its part of the kernel.
    private static Parameter Scores(Parameter kernel, Parameter vectors, double factor)
    {
        if (kernel.IsMissing || vectors.IsMissing)
            return Parameter.Zeros("scores", vectors.Rows, kernel.Columns);
        double[] scores = new double[vectors.Rows * kernel.Columns];
        double[] row = new double[kernel.Columns];
        for (int unit = 0; unit < kernel.Rows; unit++)
        {
            (int head, int place) = Math.DivRem(unit, vectors.Columns);
            double weight = factor * vectors[head, place];
            kernel.CopyRow(unit, row);
            for (int column = 0; column < row.Length; column++)
                scores[(head * row.Length) + column] += weight * row[column];
        }

        return Parameter.FromValues("scores", vectors.Rows, kernel.Columns, scores);
    }
}
