using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models.Ctr;

/// <summary>DCN-V2's layer (Wang et al. 2021): x0 * (W x + b) + x.</summary>
/// <param name="device">Where it runs.</param>
/// <param name="weight">[columns, columns].</param>
/// <param name="bias">[1, columns].</param>
internal sealed class MatrixCross(Device device, Parameter weight, Parameter bias) : ICross
{
    private readonly LinearWeights _weights = device.CreateLinear(weight, bias);

    /// <inheritdoc/>
    public void Forward(Workspace workspace, Tensor x0, Tensor x, Tensor y)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor crossed = workspace.Take(x.RowCount, x.ColumnCount);
        device.Linear(workspace, x, _weights, crossed);
        device.Combine(workspace, crossed, x0, BinaryOperation.Multiply, crossed);
        device.Combine(workspace, x, crossed, BinaryOperation.Add, y);
    }
}
