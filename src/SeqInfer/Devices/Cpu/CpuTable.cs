using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

/// <summary>
/// Rows to look up. F32, BF16 and F16 rows are read in place, in the mapped file as a rule, which stays mapped while the table lives;
/// other element types, and rows whose elements do not lie side by side, are copied as floats.
/// </summary>
internal sealed unsafe class CpuTable : Table
{
    private readonly ParameterLease? _lease;
    private readonly AlignedBuffer<float>? _copy;

    public CpuTable(CpuDevice device, Parameter rows)
        : base(device, rows.Rows, rows.Columns)
    {
        _lease = rows.IsMissing ? null : rows.TryLease();
        if (_lease is { DType: DType.F32 or DType.BF16 or DType.F16 })
        {
            DType = _lease.DType;
            Stride = checked((nint)_lease.RowStride);
            return;
        }

        _lease?.Dispose();
        _lease = null;
        _copy = CpuBuffers.Copy(rows);
        Stride = rows.Columns;
    }

    public override long ByteCount => _copy?.ByteCount ?? 0;

    /// <summary>F32, BF16 or F16.</summary>
    public DType DType { get; } = DType.F32;

    /// <summary>Elements between two rows.</summary>
    public nint Stride { get; }

    /// <summary>The first element, of type <see cref="DType"/>, not necessarily aligned.</summary>
    public void* Pointer => _lease is null ? CpuBuffers.Pointer(_copy) : _lease.Pointer;

    protected override void Dispose(bool disposing)
    {
        _lease?.Dispose();
        _copy?.Dispose();
    }
}
