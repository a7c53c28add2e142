using SeqInfer.Tensors;

namespace SeqInfer.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected override void FlattenCore(Workspace workspace, Tensor input, int steps, FlattenOrder order, Tensor output)
    {
        Matrix x = At(workspace, input);
        Matrix y = At(workspace, output);
        for (int row = 0; row < x.RowCount; row++)
        {
            (int sequence, int step) = Math.DivRem(row, steps);
            for (int channel = 0; channel < x.ColumnCount; channel++)
            {
                int column = order == FlattenOrder.TimeFirst ? (step * x.ColumnCount) + channel : (channel * steps) + step;
                y[sequence, column] = x[row, channel];
            }
        }
    }
}
