using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>
/// A linear layer over rows that may share a part: W [s, o] = W_s s + W_o o, and W_s s is computed once for all results that share s.
/// </summary>
public sealed class SplitLinear
{
    private readonly Device _device;
    private readonly LinearWeights? _shared;
    private readonly LinearWeights? _own;

    /// <summary>Takes the weights apart.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="weight">[out, columns], in the order of the concatenation.</param>
    /// <param name="bias">[1, out], or null.</param>
    /// <param name="columns">Which columns are shared.</param>
    public SplitLinear(Device device, Parameter weight, Parameter? bias, ColumnSplit columns)
    {
        _device = device;
        OutputSize = weight.Rows;
        if (!columns.Shared.IsEmpty)
            _shared = device.CreateLinear(ColumnSplit.Pick(weight, columns.Shared), bias);
        if (!columns.Own.IsEmpty)
            _own = device.CreateLinear(ColumnSplit.Pick(weight, columns.Own), _shared is null ? bias : null);
    }

    /// <summary>Columns of the output.</summary>
    public int OutputSize { get; }

    /// <summary>y = activation(x W^T + b) + residual; y is [results, out].</summary>
    public void Forward(Workspace workspace, in SplitRows x, Tensor y, Activation activation = default, Tensor? residual = null)
    {
        if (_shared is null || !x.IsSplit)
        {
            (Tensor rows, LinearWeights weights) = x.IsSplit ? (x.Own, _own!) : (x.Shared, _shared!);
            _device.Linear(workspace, rows, weights, y, activation, residual);
            return;
        }

        using WorkspaceFrame frame = workspace.Frame();
        Tensor shared = workspace.Take(x.Shared.RowCount, OutputSize);
        Tensor sum = residual is null ? y : workspace.Take(x.Count, OutputSize);
        _device.Linear(workspace, x.Shared, _shared, shared);
        _device.GatherRows(workspace, shared, x.SharedOf, sum);
        if (_own is not null)
            _device.Linear(workspace, x.Own, _own, sum, residual: sum);
        if (activation.Kind != ActivationKind.None)
            _device.Apply(workspace, sum, activation, sum);
        if (residual is { } added)
            _device.Combine(workspace, sum, added, BinaryOperation.Add, y);
    }
}
