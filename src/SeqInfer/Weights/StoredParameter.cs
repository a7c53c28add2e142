using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>A strided window into stored elements: row r, column c lies at r * rowStride + c * columnStride elements from the offset.</summary>
internal sealed unsafe class StoredParameter : Parameter
{
    private readonly WeightMemory _memory;
    private readonly long _byteOffset;
    private readonly long _rowStride;
    private readonly long _columnStride;

    private StoredParameter(
        string name, WeightMemory memory, long byteOffset, DType dtype, int rows, int columns, long rowStride, long columnStride)
        : base(name, rows, columns, dtype)
    {
        _memory = memory;
        _byteOffset = byteOffset;
        _rowStride = rowStride;
        _columnStride = columnStride;
    }

    private int ElementSize => DType.Bits() / 8;

    public static new StoredParameter FromTensor(TensorInfo tensor, int rows, int columns)
    {
        if (!tensor.DType.IsConvertible())
        {
            throw new WeightTensorException(
                tensor.File, tensor.Name, tensor.DType,
                "elements of this dtype have no conversion to float; F16, BF16, F32, F64, BOOL and integers have");
        }

        if (!tensor.Shape.TryGetElementCount(out ulong count) || count != (ulong)((long)rows * columns))
        {
            throw new WeightTensorException(
                tensor.File, tensor.Name, tensor.DType, $"expected {rows} x {columns} elements, the shape is {tensor.Shape}");
        }

        return new StoredParameter(tensor.Name, tensor.Memory, tensor.ByteOffset, tensor.DType, rows, columns, columns, 1);
    }

    public static StoredParameter FromValues<T>(string name, int rows, int columns, DType dtype, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        return (long)rows * columns == values.Length
            ? new StoredParameter(name, new CopiedMemory<T>(values), 0, dtype, rows, columns, columns, 1)
            : throw new ArgumentException($"Parameter \"{name}\": {rows} x {columns} needs other than {values.Length} values.", nameof(values));
    }

    public override Parameter Transpose()
        => new StoredParameter(Name, _memory, _byteOffset, DType, Columns, Rows, _columnStride, _rowStride);

    internal override Parameter Slice(int firstRow, int rows, int firstColumn, int columns)
        => new StoredParameter(Name, _memory, OffsetOf(firstRow, firstColumn), DType, rows, columns, _rowStride, _columnStride);

    internal override Parameter ReshapeView(int rows, int columns)
    {
        bool rowsAreContiguous = _columnStride == 1 || Columns <= 1;
        bool rowsFollowEachOther = _rowStride == Columns || Rows <= 1;
        return ElementCount == 0 || (rowsAreContiguous && rowsFollowEachOther)
            ? new StoredParameter(Name, _memory, _byteOffset, DType, rows, columns, columns, 1)
            : base.ReshapeView(rows, columns);
    }

    internal override ParameterLease? TryLease() => _columnStride == 1 || Columns <= 1
        ? new ParameterLease(_memory, _byteOffset, DType, Rows, Columns, _rowStride)
        : null;

    internal override void Read<T>(int row, int firstColumn, Span<T> destination)
    {
        byte* memory = _memory.Acquire();
        try
        {
            _ = ElementConversion.TryRead(DType, memory + OffsetOf(row, firstColumn), _columnStride, destination);
        }
        finally
        {
            _memory.Release();
        }
    }

    private long OffsetOf(int row, int column) => _byteOffset + (((row * _rowStride) + (column * _columnStride)) * ElementSize);
}
