using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>
/// The storage of a parameter, kept valid until disposal even when the file is disposed meanwhile. Rows are contiguous and
/// <see cref="RowStride"/> elements apart. The address has no more alignment than the file gives it.
/// </summary>
internal sealed unsafe class ParameterLease : IDisposable
{
    private readonly byte* _pointer;
    private WeightMemory? _memory;

    public ParameterLease(WeightMemory memory, long byteOffset, DType dtype, int rows, int columns, long rowStride)
    {
        DType = dtype;
        Rows = rows;
        Columns = columns;
        RowStride = rowStride;
        _pointer = memory.Acquire() + byteOffset;
        _memory = memory;
    }

    /// <summary>Gives the mapping back when nobody disposed the lease.</summary>
    ~ParameterLease() => Release();

    /// <summary>Address of the first element.</summary>
    /// <exception cref="ObjectDisposedException">The lease has been disposed.</exception>
    public void* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_memory is null, this);
            return _pointer;
        }
    }

    public DType DType { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Distance between the starts of two rows, in elements; equals <see cref="Columns"/> when there are no gaps.</summary>
    public long RowStride { get; }

    /// <summary>True when the address is a multiple of the element size.</summary>
    public bool IsAligned => (nuint)_pointer % (nuint)(DType.Bits() / 8) == 0;

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release() => Interlocked.Exchange(ref _memory, null)?.Release();
}
