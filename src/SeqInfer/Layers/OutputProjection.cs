using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Layers;

/// <summary>What stands behind the heads of an attention layer: a linear layer, or nothing.</summary>
internal sealed class OutputProjection(Device device, AttentionProjections projections)
{
    private readonly Linear? _linear = projections.Output is null ? null : new Linear(device.CreateLinear(projections.Output, projections.OutputBias));

    /// <summary>y = x W_o^T + b_o + residual; x is not the residual.</summary>
    public void Forward(Workspace workspace, Tensor x, Tensor y, Tensor? residual)
    {
        if (_linear is not null)
            _linear.Forward(workspace, x, y, residual: residual);
        else if (residual is { } added)
            device.Combine(workspace, x, added, BinaryOperation.Add, y);
        else
            device.Apply(workspace, x, Activation.None, y);
    }
}
