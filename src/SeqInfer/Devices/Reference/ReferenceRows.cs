using SeqInfer.Weights;

namespace SeqInfer.Devices.Reference;

/// <summary>
/// Rows of a matrix that may be large: read where they are stored, kept valid by a lease; computed ones are copied once.
/// Rows of a missing parameter read as zeros and take no memory.
/// </summary>
internal sealed unsafe class ReferenceRows : IDisposable
{
    private readonly ParameterLease? _lease;
    private readonly ReferenceValues? _copy;
    private readonly int _columns;

    public ReferenceRows(Parameter parameter)
    {
        _columns = parameter.Columns;
        _lease = parameter.TryLease();
        if (_lease is null)
            _copy = new ReferenceValues(parameter);
    }

    public long ByteCount => _copy?.ByteCount ?? 0;

    public double[] this[int row]
    {
        get
        {
            double[] values = new double[_columns];
            if (_lease is null)
            {
                for (int column = 0; column < values.Length; column++)
                    values[column] = _copy![row, column];
                return values;
            }

            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)_lease.Rows, nameof(row));
            byte* start = (byte*)_lease.Pointer + (row * _lease.RowStride * (Tensors.DTypeExtensions.Bits(_lease.DType) / 8));
            _ = ElementConversion.TryRead(_lease.DType, start, 1, values);
            return values;
        }
    }

    public void Dispose() => _lease?.Dispose();
}
