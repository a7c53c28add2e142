using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models.Ctr;

/// <summary>DCN-V2's layer (Wang et al. 2021): x0 * (W x + b) + x.</summary>
/// <param name="device">Where it runs.</param>
/// <param name="weight">[columns, columns].</param>
/// <param name="bias">[1, columns].</param>
/// <param name="columns">Which columns of x rows share.</param>
internal sealed class MatrixCross(Device device, Parameter weight, Parameter bias, ColumnSplit columns) : ICross
{
    private readonly SplitLinear _linear = new(device, weight, bias, columns);

    /// <inheritdoc/>
    public void Forward(Workspace workspace, Tensor x0, Tensor x, in SplitRows parts, Tensor y)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor crossed = workspace.Take(x.RowCount, x.ColumnCount);
        _linear.Forward(workspace, parts, crossed);
        device.Combine(workspace, crossed, x0, BinaryOperation.Multiply, crossed);
        device.Combine(workspace, x, crossed, BinaryOperation.Add, y);
    }
}
