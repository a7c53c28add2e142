namespace SeqInfer.Bench.Compare.Results;

/// <summary>What became of a line between two results.</summary>
internal enum Verdict
{
    Same,
    Faster,
    Slower,
    New,
    Gone,
}

/// <summary>A line in an older and a newer result.</summary>
/// <param name="Key">Which line.</param>
/// <param name="Old">The older, or null.</param>
/// <param name="New">The newer, or null.</param>
internal sealed record ResultChange(ResultKey Key, ResultLine? Old, ResultLine? New)
{
    // A machine as a whole is a little faster or slower from day to day and not equally so for both sides.
    private const double LeastChange = 0.02;

    // Three times the noise of both runs together: less than one line in a hundred is flagged by chance.
    private const double Certainty = 3;

    /// <summary>New ratio / old ratio - 1: the other side is the yardstick, so a machine that is slower today does not count.</summary>
    public double Change => Old is null || New is null ? 0 : (New.Ratio / Old.Ratio) - 1;

    /// <summary>The change that chance may explain.</summary>
    public double Threshold => Old is null || New is null
        ? 0
        : Math.Max(LeastChange, Certainty * Math.Sqrt((Old.Noise * Old.Noise) + (New.Noise * New.Noise)));

    /// <summary>Whether the line moved by more than its noise.</summary>
    public Verdict Verdict =>
        Old is null ? Verdict.New
        : New is null ? Verdict.Gone
        : Math.Abs(Change) <= Threshold ? Verdict.Same
        : Change > 0 ? Verdict.Faster
        : Verdict.Slower;

    /// <summary>All lines of two results, in the order of the newer one.</summary>
    public static IReadOnlyList<ResultChange> Between(
        IReadOnlyDictionary<ResultKey, ResultLine> older, IReadOnlyDictionary<ResultKey, ResultLine> newer) =>
        [.. newer.Keys.Union(older.Keys).Select(key => new ResultChange(key, older.GetValueOrDefault(key), newer.GetValueOrDefault(key)))];
}
