using SeqInfer.Tensors;

namespace SeqInfer.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected override void CombineRowsCore(
        Workspace workspace, Tensor left, Indices leftRows, Tensor right, Indices rightRows, BinaryOperation operation, Tensor output)
    {
        if (workspace.IsPlanning)
            return;
        Matrix a = At(workspace, left);
        Matrix b = At(workspace, right);
        Matrix y = At(workspace, output);
        for (int row = 0; row < y.RowCount; row++)
        {
            for (int column = 0; column < y.ColumnCount; column++)
                y[row, column] = Combine(a[workspace.Span(leftRows)[row], column], operation, b[workspace.Span(rightRows)[row], column]);
        }
    }
}
