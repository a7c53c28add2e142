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
    private readonly ActivationLayer _firstActivation;
    private readonly Run[] _runs;
    private readonly int _widest;

    /// <summary>Prepares the layers.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="layers">At least one; each takes what the one before gives.</param>
    /// <param name="columns">Which columns of the input are shared.</param>
    public MultiLayerPerceptron(Device device, IReadOnlyList<DenseLayer> layers, ColumnSplit columns)
    {
        _first = new SplitLinear(device, layers[0].Weight, layers[0].Bias, columns);
        _firstActivation = layers[0].Activation;
        _runs = [.. Runs(device, [.. layers.Skip(1)])];
        _widest = _runs.SkipLast(1).Select(run => run.Chain.OutputSize).Prepend(_runs.Length == 0 ? 0 : _first.OutputSize).Max();
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
        Tensor back = workspace.Take(rows, _runs.Length > 1 ? _widest : 0);
        Tensor h = _runs.Length == 0 ? y : Workspace.Reuse(front, _first.OutputSize);
        _first.Forward(workspace, x, h, _firstActivation.Fused, _runs.Length == 0 ? residual : null);
        _firstActivation.Finish(workspace, h);
        for (int i = 0; i < _runs.Length; i++)
        {
            (LinearChain chain, ActivationLayer last) = _runs[i];
            bool isLast = i == _runs.Length - 1;
            Tensor next = isLast ? y : Workspace.Reuse(i % 2 == 0 ? back : front, chain.OutputSize);
            chain.Device.LinearChain(workspace, h, chain, next, isLast ? residual : null);
            last.Finish(workspace, next);
            h = next;
        }
    }

    // A run ends where the activation is more than its layer can apply.
    private static IEnumerable<Run> Runs(Device device, DenseLayer[] layers)
    {
        List<LinearStage> stages = [];
        for (int i = 0; i < layers.Length; i++)
        {
            ActivationLayer activation = layers[i].Activation;
            stages.Add(new LinearStage(device.CreateLinear(layers[i].Weight, layers[i].Bias), activation.Fused));
            if (activation.IsFused && i < layers.Length - 1)
                continue;
            yield return new Run(new LinearChain(stages), activation);
            stages.Clear();
        }
    }

    private readonly record struct Run(LinearChain Chain, ActivationLayer Last);
}
