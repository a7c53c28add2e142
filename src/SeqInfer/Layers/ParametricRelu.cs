using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>PReLU (He et al. 2015): x where it is positive, slope * x elsewhere; one slope for all columns or one each.</summary>
/// <param name="device">Where it runs.</param>
/// <param name="slope">[1, 1] or [1, width].</param>
public sealed class ParametricRelu(Device device, Parameter slope) : ActivationLayer(Activation.None)
{
    private readonly VectorWeights _slope = device.CreateVector(slope);

    /// <inheritdoc/>
    public override bool IsFused => false;

    /// <inheritdoc/>
    public override void Finish(Workspace workspace, Tensor x) => _slope.Device.PRelu(workspace, x, _slope, x);
}
