namespace SeqInfer.Cli.Verification;

/// <summary>
/// Compares ranked lists: at every rank the score must be within the tolerance of the expected one, and the id must be the expected one
/// unless the expected scores of the rank and of one beside it are closer than twice the tolerance. An id of -1 stands for no item.
/// </summary>
internal sealed class TopKComparison
{
    private readonly double _tolerance;
    private readonly Comparison _comparison;
    private readonly HashSet<int> _excluded;

    public TopKComparison(double tolerance, IEnumerable<int> excluded)
    {
        _tolerance = tolerance;
        _comparison = new Comparison(tolerance);
        _excluded = excluded.ToHashSet();
    }

    /// <summary>Compares one row.</summary>
    /// <param name="name">Names the row, for a message.</param>
    /// <param name="actual">Our list.</param>
    /// <param name="expected">The reference's, of the same length.</param>
    /// <param name="excluded">Ids that must not come back for this row, besides those that never may.</param>
    /// <param name="scoreBehind">
    /// The score that stands right behind the list, which decides whether another item may take the last rank; null where no item does.
    /// Asked only when needed.
    /// </param>
    public void Add(string name, RankedList actual, RankedList expected, ReadOnlySpan<int> excluded, Func<double?> scoreBehind)
    {
        CheckIds(name, actual.Ids, excluded);
        for (int rank = 0; rank < expected.Ids.Length; rank++)
        {
            int id = expected.Ids[rank];
            if (id < 0 && actual.Ids[rank] < 0)
                continue;
            int at = rank;
            _comparison.Add(actual.Scores[rank], expected.Scores[rank], () => $"{name}, rank {at}: score");
            if (actual.Ids[rank] != id && !IsTie(expected, rank, scoreBehind))
                _comparison.Fail($"{name}, rank {rank}: expected id {id}, got {actual.Ids[rank]}");
        }
    }

    public OutputReport Report(CaseOutput output) => _comparison.Report(output);

    private void CheckIds(string name, ReadOnlySpan<int> ids, ReadOnlySpan<int> excluded)
    {
        HashSet<int> seen = [];
        for (int rank = 0; rank < ids.Length; rank++)
        {
            if (ids[rank] < 0)
                continue;
            if (!seen.Add(ids[rank]))
                _comparison.Fail($"{name}, rank {rank}: id {ids[rank]} appears twice");
            if (_excluded.Contains(ids[rank]) || excluded.Contains(ids[rank]))
                _comparison.Fail($"{name}, rank {rank}: id {ids[rank]} is excluded");
        }
    }

    private bool IsTie(RankedList expected, int rank, Func<double?> scoreBehind)
    {
        ReadOnlySpan<double> scores = expected.Scores;
        if (rank > 0 && IsNear(scores[rank], scores[rank - 1]))
            return true;
        return rank + 1 < scores.Length
            ? IsNear(scores[rank], scores[rank + 1])
            : scoreBehind() is double behind && IsNear(scores[rank], behind);
    }

    private bool IsNear(double left, double right) => Math.Abs(left - right) < 2 * _tolerance;
}

/// <summary>Ids and their scores, best first.</summary>
internal readonly ref struct RankedList(ReadOnlySpan<int> ids, ReadOnlySpan<double> scores)
{
    public ReadOnlySpan<int> Ids { get; } = ids;

    public ReadOnlySpan<double> Scores { get; } = scores;
}
