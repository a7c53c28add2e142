namespace SeqInfer.Gpu.Runtime;

/// <summary>
/// Into how many parts a row is split so that few rows of many items occupy the whole device. The first stage takes time in proportion to the
/// items of a part, the second to k times the parts: sqrt(items / k) parts balance them.
/// </summary>
/// <param name="maxGroups">Parts of all rows together, at most.</param>
/// <param name="minPart">Items that a part is worth a group for.</param>
internal sealed class SelectionPlan(int maxGroups, int minPart)
{
    /// <summary>Items from which on a part takes longer to read than a second stage to start.</summary>
    public const int UsualPart = 1 << 12;

    /// <summary>Parts of a row; 1 where one stage is enough.</summary>
    public int PartsOf(int rows, int items, int k)
    {
        int balanced = (int)Math.Sqrt((double)items / Math.Max(1, k));
        return Math.Max(1, Math.Min(Math.Min(balanced, items / minPart), maxGroups / Math.Max(1, rows)));
    }

    /// <summary>Candidates of all rows together at most: grows with every argument, which the parts do not.</summary>
    public int MaxCandidates(int rows, int items, int k) =>
        (int)Math.Min(rows * (long)Math.Ceiling(Math.Sqrt((double)items * k)), (long)maxGroups * k);
}
