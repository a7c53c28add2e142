using SeqInfer.Tensors;

namespace SeqInfer.Devices.Reference;

/// <summary>A window of an arena of doubles, by row and column.</summary>
internal readonly struct Matrix(double[] arena, Tensor window)
{
    public int RowCount => window.RowCount;

    public int ColumnCount => window.ColumnCount;

    public double this[int row, int column]
    {
        get => arena[IndexOf(row, column)];
        set => arena[IndexOf(row, column)] = value;
    }

    public Span<double> Row(int row) => arena.AsSpan(checked((int)(window.Offset + ((long)row * window.Stride))), window.ColumnCount);

    private long IndexOf(int row, int column)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)window.RowCount, nameof(row));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)window.ColumnCount, nameof(column));
        return window.Offset + ((long)row * window.Stride) + column;
    }
}
