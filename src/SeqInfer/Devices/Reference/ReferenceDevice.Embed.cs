using SeqInfer.Tensors;

namespace SeqInfer.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected override void EmbedCore(
        Workspace workspace, Indices ids, Table table, float scale, Indices positions, Table? positionTable, Tensor output)
    {
        Matrix y = At(workspace, output);
        for (int row = 0; row < y.RowCount; row++)
        {
            double[] looked = LookUp(table, workspace.Span(ids)[row]);
            double[]? position = positionTable is null ? null : LookUp(positionTable, workspace.Span(positions)[row]);
            for (int column = 0; column < y.ColumnCount; column++)
                y[row, column] = (scale * looked[column]) + (position?[column] ?? 0);
        }
    }

    /// <inheritdoc/>
    protected override void GatherRowsCore(Workspace workspace, Tensor input, Indices rows, Tensor output)
    {
        Matrix x = At(workspace, input);
        Matrix y = At(workspace, output);
        for (int row = 0; row < y.RowCount; row++)
        {
            int source = workspace.Span(rows)[row];
            for (int column = 0; column < y.ColumnCount; column++)
                y[row, column] = source < 0 ? 0 : x[source, column];
        }
    }

    private static double[] LookUp(Table table, int id) => id < 0 ? new double[table.ColumnCount] : ((ReferenceTable)table)[id];
}
