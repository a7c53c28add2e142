namespace SeqInfer.Ranking;

/// <summary>The rank of one item among scored ones. Ranks count from 0: how many items stand before it.</summary>
public static class TargetRank
{
    /// <summary>The rank of <c>scores[target]</c> among all scores.</summary>
    /// <param name="scores">One score an item. An item whose score is NaN stands behind every other.</param>
    /// <param name="target">Place of the item.</param>
    /// <param name="ties">Where it stands among equal scores.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public static int Of(ReadOnlySpan<double> scores, int target, TieRule ties = TieRule.Best)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(target);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(target, scores.Length);
        double score = scores[target];
        int rank = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (i != target && StandsBefore(scores[i], i, score, target, ties))
                rank++;
        }

        return rank;
    }

    /// <summary>The rank of <c>scores[target]</c> among those that are not removed; the target itself is never removed.</summary>
    /// <param name="scores">One score an item, by id.</param>
    /// <param name="target">Id of the item.</param>
    /// <param name="removed">Ids that take no part, such as those a user has seen. Repetitions and ids without a score have no effect.</param>
    /// <param name="ties">Where it stands among equal scores.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    public static int Of(ReadOnlySpan<double> scores, int target, ReadOnlySpan<int> removed, TieRule ties = TieRule.Best)
    {
        int rank = Of(scores, target, ties);
        HashSet<int> counted = new(removed.Length);
        foreach (int id in removed)
        {
            if (id >= 0 && id < scores.Length && id != target && counted.Add(id) && StandsBefore(scores[id], id, scores[target], target, ties))
                rank--;
        }

        return rank;
    }

    private static bool StandsBefore(double other, int otherId, double score, int id, TieRule ties)
    {
        if (other > score || (double.IsNaN(score) && !double.IsNaN(other)))
            return true;
        bool isTie = other == score || (double.IsNaN(score) && double.IsNaN(other));
        return isTie && ties switch
        {
            TieRule.Best => false,
            TieRule.Worst => true,
            TieRule.LowerIdFirst => otherId < id,
            _ => throw new ArgumentOutOfRangeException(nameof(ties), ties, "not a rule for ties"),
        };
    }
}
