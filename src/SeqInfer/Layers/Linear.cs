using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>In which order a file stores the kernel of a linear layer.</summary>
public enum KernelLayout
{
    /// <summary>[out, in], as PyTorch.</summary>
    OutIn,

    /// <summary>[in, out], as Keras.</summary>
    InOut,
}

/// <summary>y = x W^T + b, as torch.nn.Linear.</summary>
public sealed class Linear
{
    private readonly LinearWeights _weights;

    /// <summary>Wraps prepared weights.</summary>
    public Linear(LinearWeights weights) => _weights = weights;

    /// <summary>Reads "weight" and, where there is one, "bias" below a scope.</summary>
    public Linear(
        Device device, WeightScope scope, int inputSize, int outputSize, bool hasBias = true, KernelLayout layout = KernelLayout.OutIn)
        : this(device.CreateLinear(Kernel(scope, inputSize, outputSize, layout), hasBias ? scope.Vector("bias", outputSize) : null))
    {
    }

    /// <summary>Columns of the input.</summary>
    public int InputSize => _weights.InputSize;

    /// <summary>Columns of the output.</summary>
    public int OutputSize => _weights.OutputSize;

    /// <summary>The layer as a part of a chain.</summary>
    internal LinearStage Then(Activation activation) => new(_weights, activation);

    /// <summary>y = activation(x W^T + b) + residual; x is [rows, in], y [rows, out].</summary>
    public void Forward(Workspace workspace, Tensor x, Tensor y, Activation activation = default, Tensor? residual = null) =>
        _weights.Device.Linear(workspace, x, _weights, y, activation, residual);

    /// <summary>The kernel "weight" as [out, in], whatever the file's layout.</summary>
    internal static Parameter Kernel(WeightScope scope, int inputSize, int outputSize, KernelLayout layout) => layout == KernelLayout.OutIn
        ? scope.Matrix("weight", outputSize, inputSize)
        : scope.Matrix("weight", inputSize, outputSize).Transpose();
}
