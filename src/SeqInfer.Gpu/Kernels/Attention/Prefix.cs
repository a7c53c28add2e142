using ILGPU;

namespace SeqInfer.Gpu.Kernels.Attention;

/// <summary>Keys and values before the first of every sequence: none, some rows, or one row with a multiplicity.</summary>
internal readonly struct Prefix(Window keys, Window values, ArrayView<int> counts, int isPresent, int isRepeated)
{
    public readonly Window Keys = keys;

    public readonly Window Values = values;

    private readonly ArrayView<int> _counts = counts;
    private readonly int _isPresent = isPresent;
    private readonly int _isRepeated = isRepeated;

    /// <summary>Rows that stand before the keys of a sequence.</summary>
    public int RowCount(int sequence)
    {
        int count = _isPresent != 0 ? _counts[sequence] : 0;
        return _isRepeated != 0 ? IntrinsicMath.Min(count, 1) : count;
    }

    /// <summary>How often each of them counts.</summary>
    public float Multiplicity(int sequence) => _isRepeated != 0 ? _counts[sequence] : 1;
}
