using SeqInfer.Kernels.Simd;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Kernels.Gemm;

/// <summary>
/// At most eight units of a weight matrix W [units, depth] for vectors of sixteen lanes: one vector for every two k, whose lane 2n + j is the
/// weight of unit n for the j-th of them.
/// </summary>
/// <remarks>
/// Units past the end have weight zero. The depth is filled up to a multiple of <see cref="Granularity"/> with the weight -0, which, times the 0 that
/// x is filled up with, changes no sum, not even one of -0.
/// </remarks>
internal sealed unsafe class PairPanel<TStorage> : IDisposable
    where TStorage : struct, IWeightStorage
{
    /// <summary>What the depth is filled up to a multiple of.</summary>
    public const int Granularity = 4;

    /// <summary>Units there is room for.</summary>
    public const int MaxUnits = 8;

    private readonly AlignedBuffer<byte> _buffer;

    /// <summary>Packs a matrix.</summary>
    /// <param name="weight">[units, depth], its storage one of fp32 arithmetic.</param>
    public PairPanel(Parameter weight)
    {
        Units = weight.Rows;
        Depth = weight.Columns;
        int filled = (Depth + Granularity - 1) / Granularity * Granularity;
        float[] units = new float[MaxUnits * filled];
        for (int unit = 0; unit < Units; unit++)
        {
            Span<float> row = units.AsSpan(unit * filled, filled);
            weight.CopyRow(unit, row[..Depth]);
            row[Depth..].Fill(-0f);
            _ = TStorage.Round(row);
        }

        _buffer = new AlignedBuffer<byte>((long)filled / 2 * TStorage.RowBytes<F512>(1));
        Span<float> pairs = stackalloc float[2 * MaxUnits];
        byte* to = _buffer.Pointer;
        for (int k = 0; k < filled; k += 2, to += TStorage.RowBytes<F512>(1))
        {
            for (int lane = 0; lane < pairs.Length; lane++)
                pairs[lane] = units[(lane / 2 * filled) + k + (lane % 2)];
            TStorage.StoreRow<F512>(pairs, to);
        }
    }

    /// <summary>Columns of the product.</summary>
    public int Units { get; }

    /// <summary>Products summed up in an element of the result.</summary>
    public int Depth { get; }

    /// <summary>Bytes of the weights.</summary>
    public long ByteCount => _buffer.ByteCount;

    /// <summary>The first vector.</summary>
    public byte* Pointer => _buffer.Pointer;

    public void Dispose() => _buffer.Dispose();
}
