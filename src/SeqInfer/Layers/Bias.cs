using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>y = activation(scale * x + b): the end of a layer whose bias comes after a step that no linear layer takes in.</summary>
public sealed class Bias
{
    private readonly Device _device;
    private readonly VectorWeights _scale;
    private readonly VectorWeights _shift;

    /// <summary>Wraps a bias.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="bias">[1, width].</param>
    /// <param name="scale">Factor of every element.</param>
    public Bias(Device device, Parameter bias, double scale = 1)
    {
        _device = device;
        double[] factors = new double[bias.Columns];
        Array.Fill(factors, scale);
        _scale = device.CreateVector(Parameter.FromValues("scale", 1, factors.Length, factors));
        _shift = device.CreateVector(bias);
    }

    /// <summary>y = activation(scale * x + b); x and y are [rows, width], the same window or apart.</summary>
    public void Forward(Workspace workspace, Tensor x, Tensor y, Activation activation = default)
    {
        _device.ScaleShift(workspace, x, _scale, _shift, y);
        if (activation.Kind != ActivationKind.None)
            _device.Apply(workspace, y, activation, y);
    }
}
