namespace SeqInfer.Gpu.Kernels;

/// <summary>A window that may be absent: reads give zeros, writes do nothing. Four rows are taken together, those past the end are none.</summary>
internal readonly struct Optional(Window window, int isPresent)
{
    public readonly Window Window = window;

    public readonly int IsPresent = isPresent;

    public Float4 Load(int rowCount, int row, int column) => new(
        Load1(rowCount, row, column), Load1(rowCount, row + 1, column), Load1(rowCount, row + 2, column), Load1(rowCount, row + 3, column));

    public void Store(int rowCount, int row, int column, Float4 values)
    {
        Store1(rowCount, row, column, values.X);
        Store1(rowCount, row + 1, column, values.Y);
        Store1(rowCount, row + 2, column, values.Z);
        Store1(rowCount, row + 3, column, values.W);
    }

    private float Load1(int rowCount, int row, int column) => IsPresent != 0 && row < rowCount ? Window[row, column] : 0;

    private void Store1(int rowCount, int row, int column, float value)
    {
        if (IsPresent != 0 && row < rowCount)
            Window.Store(row, column, value);
    }
}
