using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Layers;

/// <summary>What follows a linear layer, element by element: a plain function, which that layer applies itself, or one with weights.</summary>
public class ActivationLayer(Activation function)
{
    /// <summary>Nothing.</summary>
    public static ActivationLayer None { get; } = new(Activation.None);

    /// <summary>The function that the linear layer before is to apply.</summary>
    public Activation Fused { get; } = function;

    /// <summary>Whether <see cref="Fused"/> is all of it.</summary>
    public virtual bool IsFused => true;

    /// <summary>Applies what the linear layer cannot; x [rows, width] is overwritten.</summary>
    public virtual void Finish(Workspace workspace, Tensor x)
    {
    }

    /// <summary>Applies all of it; x [rows, width] is overwritten.</summary>
    public void Forward(Device device, Workspace workspace, Tensor x)
    {
        if (Fused.Kind != ActivationKind.None)
            device.Apply(workspace, x, Fused, x);
        Finish(workspace, x);
    }
}
