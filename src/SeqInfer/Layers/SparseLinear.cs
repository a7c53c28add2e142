using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>
/// A linear layer whose input is given as the few columns that are not 0: y = activation(sum of x_c W[:, c] + b). The kernel is kept
/// column by column, so that a row costs as much as its entries, not as many as the input is wide.
/// </summary>
public sealed class SparseLinear
{
    private readonly Device _device;
    private readonly Table _columns;
    private readonly Bias _bias;

    /// <summary>Reads "weight" [out, in] and "bias" [out] below a scope.</summary>
    public SparseLinear(Device device, WeightScope scope, int inputSize, int outputSize)
    {
        _device = device;
        _columns = device.CreateTable(scope.Matrix("weight", outputSize, inputSize).Transpose());
        _bias = new Bias(device, scope.Vector("bias", outputSize));
    }

    /// <summary>Columns of the output.</summary>
    public int OutputSize => _columns.ColumnCount;

    /// <summary>y = activation(x W^T + b).</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="columns">The columns that are not 0, row after row; -1 stands for none.</param>
    /// <param name="rows">Which of them belong to which row.</param>
    /// <param name="values">[columns, 1]: their values; null: all 1.</param>
    /// <param name="y">[rows, out].</param>
    /// <param name="activation">Which function.</param>
    public void Forward(Workspace workspace, Indices columns, Ragged rows, Tensor? values, Tensor y, Activation activation = default)
    {
        _device.EmbedBag(workspace, columns, rows, _columns, y, values);
        _bias.Forward(workspace, y, y, activation);
    }
}
