namespace SeqInfer.Inputs;

/// <summary>The values of one input for every row of a batch.</summary>
public abstract class BatchColumn
{
    private protected BatchColumn(InputSpec spec) => Spec = spec;

    /// <summary>What the input is.</summary>
    public InputSpec Spec { get; }

    /// <summary>Rows that were added.</summary>
    public abstract int Count { get; }

    /// <summary>Removes all rows; the memory stays.</summary>
    public abstract void Clear();

    private protected static void Grow<T>(ref T[] array, int needed)
    {
        if (needed > array.Length)
            Array.Resize(ref array, Math.Max(needed, Math.Max(16, (int)Math.Min(2L * array.Length, Array.MaxLength))));
    }
}
