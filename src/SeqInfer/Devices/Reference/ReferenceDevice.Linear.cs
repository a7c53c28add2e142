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
            for (int column = 0; column < y.ColumnCount; column++)
            {
                double sum = layer.Bias?[column] ?? 0;
                for (int k = 0; k < x.ColumnCount; k++)
                    sum += x[row, k] * layer.Weight[column, k];
                y[row, column] = Activate(activation, sum) + (added?[row, column] ?? 0);
            }
        }
    }
}
