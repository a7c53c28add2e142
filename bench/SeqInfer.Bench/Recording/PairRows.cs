namespace SeqInfer.Bench.Recording;

/// <summary>Rows that are repeated to meet the rows of another matrix, each one each: row numbers 0 0 0 1 1 1 or 0 1 0 1 0 1.</summary>
/// <param name="Count">How many rows the other matrix has.</param>
/// <param name="IsOuter">True where a row is repeated before the next one comes, false where all rows come again and again.</param>
internal readonly record struct PairRows(int Count, bool IsOuter)
{
    /// <summary>What row numbers are, or null where they are neither.</summary>
    /// <param name="rows">Row numbers.</param>
    /// <param name="rowCount">Rows of the matrix they are rows of.</param>
    public static PairRows? Find(ReadOnlySpan<int> rows, int rowCount)
    {
        if (rowCount < 1 || rows.Length <= rowCount || rows.Length % rowCount != 0)
            return null;
        int count = rows.Length / rowCount;
        bool isOuter = true;
        bool isInner = true;
        for (int i = 0; i < rows.Length; i++)
        {
            isOuter &= rows[i] == i / count;
            isInner &= rows[i] == i % rowCount;
        }

        return isOuter || isInner ? new PairRows(count, isOuter) : null;
    }
}
