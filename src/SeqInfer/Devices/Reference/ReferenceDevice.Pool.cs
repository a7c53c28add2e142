using SeqInfer.Tensors;

namespace SeqInfer.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected override void PoolCore(Workspace workspace, Tensor input, Ragged sequences, PoolKind kind, Tensor output)
    {
        ReadOnlySpan<int> offsets = workspace.Span(sequences.Offsets);
        Matrix x = At(workspace, input);
        Matrix y = At(workspace, output);
        for (int sequence = 0; sequence < sequences.Count; sequence++)
        {
            for (int column = 0; column < y.ColumnCount; column++)
                y[sequence, column] = PoolColumn(x, offsets[sequence], offsets[sequence + 1], column, kind);
        }
    }

    private static double PoolColumn(Matrix x, int start, int end, int column, PoolKind kind)
    {
        if (start == end)
            return 0;
        double sum = 0;
        double largest = double.NegativeInfinity;
        for (int row = start; row < end; row++)
        {
            sum += x[row, column];
            largest = Math.Max(largest, x[row, column]);
        }

        return kind switch
        {
            PoolKind.Last => x[end - 1, column],
            PoolKind.Mean => sum / (end - start),
            PoolKind.Max => largest,
            PoolKind.Sum => sum,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }
}
