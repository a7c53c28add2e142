using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Layers;

/// <summary>Linear layers one after the other, each followed by the same activation, the last one by one of its own.</summary>
/// <param name="layers">At least one; each takes what the one before gives.</param>
/// <param name="activation">After every layer but the last.</param>
/// <param name="lastActivation">After the last.</param>
public sealed class LinearStack(IReadOnlyList<Linear> layers, Activation activation, Activation lastActivation)
{
    private readonly LinearChain _chain = new(layers.Select((layer, i) => layer.Then(i < layers.Count - 1 ? activation : lastActivation)));

    /// <summary>Columns of the output.</summary>
    public int OutputSize => _chain.OutputSize;

    /// <summary>Applies all layers; x is [rows, in], y [rows, out].</summary>
    public void Forward(Workspace workspace, Tensor x, Tensor y) => _chain.Device.LinearChain(workspace, x, _chain, y);
}
