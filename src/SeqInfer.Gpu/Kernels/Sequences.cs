using ILGPU;

namespace SeqInfer.Gpu.Kernels;

/// <summary>Offsets of ragged sequences in device memory.</summary>
internal readonly struct Sequences(ArrayView<int> offsets, int count)
{
    public readonly ArrayView<int> Offsets = offsets;

    public readonly int Count = count;

    public int Start(int sequence) => Offsets[sequence];

    public int End(int sequence) => Offsets[sequence + 1];

    /// <summary>The sequence a row belongs to; empty ones have no rows.</summary>
    public int Of(int row)
    {
        int low = 0;
        int high = Count - 1;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (Offsets[middle + 1] <= row)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
