using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>
/// Dice (Zhou et al. 2018, DIN): p x + (1 - p) alpha x = x (alpha + (1 - alpha) p) with p = sigmoid(norm(x)).
/// </summary>
public sealed class Dice : ActivationLayer
{
    private readonly Device _device;
    private readonly VectorWeights? _normScale;
    private readonly VectorWeights? _normShift;
    private readonly VectorWeights _rise;
    private readonly VectorWeights _alpha;

    /// <summary>Prepares the weights.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="alpha">[1, width].</param>
    /// <param name="norm">The batch norm before the sigmoid; null: none.</param>
    public Dice(Device device, Parameter alpha, BatchNorm? norm)
        : base(Activation.None)
    {
        _device = device;
        if (norm is not null)
        {
            _normScale = device.CreateVector(norm.Scale);
            _normShift = device.CreateVector(norm.Shift);
        }

        double[] rise = Array.ConvertAll(alpha.ToArray(), value => 1 - value);
        _rise = device.CreateVector(Parameter.FromValues($"1 - {alpha.Name}", 1, alpha.Columns, rise));
        _alpha = device.CreateVector(alpha);
    }

    /// <inheritdoc/>
    public override bool IsFused => false;

    /// <inheritdoc/>
    public override void Finish(Workspace workspace, Tensor x)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor p = workspace.Take(x.RowCount, x.ColumnCount);
        if (_normScale is null)
        {
            _device.Apply(workspace, x, ActivationKind.Sigmoid, p);
        }
        else
        {
            _device.ScaleShift(workspace, x, _normScale, _normShift!, p);
            _device.Apply(workspace, p, ActivationKind.Sigmoid, p);
        }

        _device.ScaleShift(workspace, p, _rise, _alpha, p);
        _device.Combine(workspace, x, p, BinaryOperation.Multiply, x);
    }
}
