namespace SeqInfer.Gpu.Kernels;

/// <summary>A window that may be absent: reads give zeros, writes do nothing. Four rows are taken together, those past the end are none.</summary>
internal readonly struct Optional(Window window, int isPresent)
{
    public readonly Window Window = window;

    public readonly int IsPresent = isPresent;

    public Float4 Load(int rowCount, int row, int column) => new(
        At(rowCount, row, column), At(rowCount, row + 1, column), At(rowCount, row + 2, column), At(rowCount, row + 3, column));

    public void Store(int rowCount, int row, int column, Float4 values)
    {
        Put(rowCount, row, column, values.X);
        Put(rowCount, row + 1, column, values.Y);
        Put(rowCount, row + 2, column, values.Z);
        Put(rowCount, row + 3, column, values.W);
    }

    public float At(int rowCount, int row, int column) => IsPresent != 0 && row < rowCount ? Window[row, column] : 0;

    public void Put(int rowCount, int row, int column, float value)
    {
        if (IsPresent != 0 && row < rowCount)
            Window.Store(row, column, value);
    }
}
