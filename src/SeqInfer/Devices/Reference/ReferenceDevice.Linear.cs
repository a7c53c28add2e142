using SeqInfer.Tensors;

namespace SeqInfer.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected override void LinearCore(
        Workspace workspace, Tensor input, LinearWeights weights, Tensor output, Activation activation, Tensor? residual)
    {
        if (workspace.IsPlanning)
            return;
        ReferenceLinear layer = (ReferenceLinear)weights;
        Matrix x = At(workspace, input);
        Matrix y = At(workspace, output);
        Matrix? added = At(workspace, residual);
        for (int row = 0; row < y.RowCount; row++)
        {
            double[] factors = layer.Weight.Input(x.Row(row));
            for (int column = 0; column < y.ColumnCount; column++)
            {
                double sum = layer.Weight.AddProduct(layer.Bias?[column] ?? 0, column, factors);
                y[row, column] = Activate(activation, sum) + (added?[row, column] ?? 0);
            }
        }
    }
}
