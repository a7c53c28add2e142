using ILGPU;

namespace SeqInfer.Gpu.Kernels;

/// <summary>A matrix whose columns are taken four at a time, with one 16-byte access where its rows begin at multiples of 16 bytes.</summary>
internal readonly struct QuadColumns(Window window, int columnCount, int isAligned)
{
    /// <summary>Columns of an access.</summary>
    public const int Width = 4;

    public readonly int ColumnCount = columnCount;

    private readonly Window _window = window;
    private readonly int _isAligned = isAligned;

    /// <summary>The same matrix with fewer columns.</summary>
    public QuadColumns Until(int columnCount) => new(_window, columnCount, _isAligned);

    /// <summary>Four columns of a row; zeros past the last one.</summary>
    public Float4 Load(int row, int column)
    {
        long start = ((long)row * _window.Stride) + column;
        if (_isAligned != 0 && (column & (Width - 1)) == 0 && column + Width <= ColumnCount)
            return _window.Data.Cast<Float4>()[start >> 2];
        return new Float4(At(start, column), At(start + 1, column + 1), At(start + 2, column + 2), At(start + 3, column + 3));
    }

    /// <summary>Stores those of four columns that there are.</summary>
    public void Store(int row, int column, Float4 values)
    {
        long start = ((long)row * _window.Stride) + column;
        if (_isAligned != 0 && (column & (Width - 1)) == 0 && column + Width <= ColumnCount)
        {
            _window.Data.Cast<Float4>()[start >> 2] = values;
            return;
        }

        Put(start, column, values.X);
        Put(start + 1, column + 1, values.Y);
        Put(start + 2, column + 2, values.Z);
        Put(start + 3, column + 3, values.W);
    }

    private float At(long place, int column) => column < ColumnCount ? _window.Data[place] : 0;

    private void Put(long place, int column, float value)
    {
        if (column < ColumnCount)
            _window.Data[place] = value;
    }
}
