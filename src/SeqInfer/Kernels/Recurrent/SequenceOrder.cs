namespace SeqInfer.Kernels.Recurrent;

/// <summary>Orders sequences so that those which are still running are always the first ones.</summary>
internal static unsafe class SequenceOrder
{
    /// <summary>Counting sort by descending length; equal lengths keep their order.</summary>
    /// <param name="offsets">count + 1 offsets of the sequences' rows.</param>
    /// <param name="count">Number of sequences.</param>
    /// <param name="longest">At least the largest length.</param>
    /// <param name="places">Scratch of <paramref name="longest"/> + 1.</param>
    /// <param name="order">Receives the sequences' indices.</param>
    public static void ByDescendingLength(int* offsets, int count, int longest, int* places, int* order)
    {
        new Span<int>(places, longest + 1).Clear();
        for (int i = 0; i < count; i++) places[offsets[i + 1] - offsets[i]]++;
        int place = 0;
        for (int length = longest; length >= 0; length--)
        {
            int equal = places[length];
            places[length] = place;
            place += equal;
        }

        for (int i = 0; i < count; i++) order[places[offsets[i + 1] - offsets[i]]++] = i;
    }
}
