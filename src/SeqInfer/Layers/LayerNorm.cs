using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>Layer normalisation with gain and offset.</summary>
public sealed class LayerNorm
{
    private readonly LayerNormWeights _weights;

    /// <summary>Reads the gain and the offset, "weight" and "bias" unless named otherwise, below a scope.</summary>
    public LayerNorm(
        Device device,
        WeightScope scope,
        int size,
        double epsilon,
        LayerNormKind kind = LayerNormKind.Standard,
        string gain = "weight",
        string offset = "bias") =>
        _weights = device.CreateLayerNorm(scope.Vector(gain, size), scope.Vector(offset, size), epsilon, kind);

    /// <summary>y = LayerNorm(x + residual); all [rows, size].</summary>
    public void Forward(Workspace workspace, Tensor x, Tensor y, Tensor? residual = null) =>
        _weights.Device.LayerNorm(workspace, x, _weights, y, residual);
}
