using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>The weights of one layer of a multi-layer perceptron.</summary>
/// <param name="Weight">[out, in].</param>
/// <param name="Bias">[1, out], or null.</param>
/// <param name="Activation">What follows.</param>
public sealed record DenseLayer(Parameter Weight, Parameter? Bias, ActivationLayer Activation);

/// <summary>Linear layers with activations, over rows that may share a part.</summary>
public sealed class MultiLayerPerceptron
{
    private readonly SplitLinear _first;
    private readonly Linear[] _others;
    private readonly ActivationLayer[] _activations;
    private readonly int _widest;

    /// <summary>Prepares the layers.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="layers">At least one; each takes what the one before gives.</param>
    /// <param name="columns">Which columns of the input are shared.</param>
    public MultiLayerPerceptron(Device device, IReadOnlyList<DenseLayer> layers, ColumnSplit columns)
    {
        _first = new SplitLinear(device, layers[0].Weight, layers[0].Bias, columns);
        _others = [.. layers.Skip(1).Select(layer => new Linear(device.CreateLinear(layer.Weight, layer.Bias)))];
        _activations = [.. layers.Select(layer => layer.Activation)];
        _widest = layers.SkipLast(1).Select(layer => layer.Weight.Rows).DefaultIfEmpty().Max();
        OutputSize = layers[^1].Weight.Rows;
    }

    /// <summary>Columns of the output.</summary>
    public int OutputSize { get; }

    /// <summary>y = the last layer's output + residual.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="x">The input's rows.</param>
    /// <param name="y">[results, out].</param>
    /// <param name="residual">[results, out], y itself or apart from it; null where the last activation has weights of its own.</param>
    public void Forward(Workspace workspace, in SplitRows x, Tensor y, Tensor? residual = null)
    {
        using WorkspaceFrame frame = workspace.Frame();
        int rows = x.Count;
        Tensor front = workspace.Take(rows, _widest);
        Tensor back = workspace.Take(rows, _others.Length > 1 ? _widest : 0);
        Tensor h = _others.Length == 0 ? y : Workspace.Reuse(front, _first.OutputSize);
        _first.Forward(workspace, x, h, _activations[0].Fused, _others.Length == 0 ? residual : null);
        _activations[0].Finish(workspace, h);
        for (int i = 0; i < _others.Length; i++)
        {
            bool isLast = i == _others.Length - 1;
            Tensor next = isLast ? y : Workspace.Reuse(i % 2 == 0 ? back : front, _others[i].OutputSize);
            _others[i].Forward(workspace, h, next, _activations[i + 1].Fused, isLast ? residual : null);
            _activations[i + 1].Finish(workspace, next);
            h = next;
        }
    }
}
