using SeqInfer.Kernels.Simd;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Kernels.Gemm;

/// <summary>
/// A weight matrix W [units, depth] of very few units, for <see cref="DotProduct{V, TStorage}"/>: row after row, each filled up with zeros to whole
/// vectors. Made once, at load.
/// </summary>
internal sealed unsafe class PackedRows<V, TStorage> : IDisposable
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    private readonly AlignedBuffer<byte> _buffer;
    private readonly AlignedBuffer<float>? _factors;
    private readonly long _rowBytes;

    /// <summary>Packs a matrix [units, depth].</summary>
    public PackedRows(Parameter weight)
    {
        Units = weight.Rows;
        Depth = weight.Columns;
        Steps = (int)(((long)Depth + TStorage.StepDepth - 1) / TStorage.StepDepth);
        int vectors = (int)(((long)Steps + V.Width - 1) / V.Width);
        int vectorDepth = V.Width * TStorage.StepDepth;
        _rowBytes = (long)vectors * TStorage.RowBytes<V>(1);
        _buffer = new AlignedBuffer<byte>(Units * _rowBytes);
        _factors = TStorage.IsInteger ? new AlignedBuffer<float>(Units) : null;
        using AlignedBuffer<float> row = new((long)vectors * vectorDepth);
        for (int unit = 0; unit < Units; unit++)
        {
            weight.CopyRow(unit, row.Span);
            float factor = TStorage.Round(row.Span[..Depth]);
            if (_factors is not null) _factors.Pointer[unit] = factor;
            byte* target = Row(unit);
            for (int vector = 0; vector < vectors; vector++, target += TStorage.RowBytes<V>(1))
                TStorage.StoreRow<V>(row.Span.Slice(vector * vectorDepth, vectorDepth), target);
        }
    }

    /// <summary>Rows: columns of the product.</summary>
    public int Units { get; }

    /// <summary>Columns: products summed up in an element of the result.</summary>
    public int Depth { get; }

    /// <summary>The depth in steps of the storage.</summary>
    public int Steps { get; }

    /// <summary>Bytes of the rows and factors.</summary>
    public long ByteCount => _buffer.ByteCount + (_factors?.ByteCount ?? 0);

    /// <summary>First vector of a row.</summary>
    public byte* Row(int unit) => _buffer.Pointer + (unit * _rowBytes);

    /// <summary>What a row's integer sums are to be multiplied with; 1 for storages of fp32 arithmetic.</summary>
    public float Factor(int unit) => _factors is null ? 1 : _factors.Pointer[unit];

    public void Dispose()
    {
        _buffer.Dispose();
        _factors?.Dispose();
    }
}
