using SeqInfer.Weights;

namespace SeqInfer.Devices.Reference;

/// <summary>A matrix of weights in double precision. A missing parameter reads as zeros and takes no memory.</summary>
internal sealed class ReferenceValues
{
    private readonly double[]? _values;
    private readonly int _rows;
    private readonly int _columns;

    public ReferenceValues(Parameter parameter)
    {
        _values = parameter.IsMissing ? null : parameter.ToArray();
        _rows = parameter.Rows;
        _columns = parameter.Columns;
    }

    public long ByteCount => _values is null ? 0 : 8L * _values.Length;

    public double this[int row, int column]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)_rows, nameof(row));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)_columns, nameof(column));
            return _values is null ? 0 : _values[(row * _columns) + column];
        }
    }

    /// <summary>An element of a vector, which is a matrix of one row.</summary>
    public double this[int index] => this[0, index];

    /// <summary>The values, or null where there are none.</summary>
    public static ReferenceValues? FromOptional(Parameter? parameter) => parameter is null ? null : new ReferenceValues(parameter);
}
