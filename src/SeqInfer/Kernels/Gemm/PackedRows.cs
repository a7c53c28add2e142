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
    private readonly long _rowBytes;

    /// <summary>Packs a matrix [units, depth].</summary>
    public PackedRows(Parameter weight)
    {
        Units = weight.Rows;
        Depth = weight.Columns;
        int vectors = (int)(((long)Depth + V.Width - 1) / V.Width);
        _rowBytes = (long)vectors * TStorage.RowBytes<V>(1);
        _buffer = new AlignedBuffer<byte>(Units * _rowBytes);
        using AlignedBuffer<float> row = new((long)vectors * V.Width);
        for (int unit = 0; unit < Units; unit++)
        {
            weight.CopyRow(unit, row.Span);
            byte* target = Row(unit);
            for (int vector = 0; vector < vectors; vector++, target += TStorage.RowBytes<V>(1))
                TStorage.StoreRow<V>(row.Span.Slice(vector * V.Width, V.Width), target);
        }
    }

    /// <summary>Rows: columns of the product.</summary>
    public int Units { get; }

    /// <summary>Columns: products summed up in an element of the result.</summary>
    public int Depth { get; }

    /// <summary>Bytes of the rows.</summary>
    public long ByteCount => _buffer.ByteCount;

    /// <summary>First vector of a row.</summary>
    public byte* Row(int unit) => _buffer.Pointer + (unit * _rowBytes);

    public void Dispose() => _buffer.Dispose();
}
