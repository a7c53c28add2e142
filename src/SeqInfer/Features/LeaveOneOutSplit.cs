namespace SeqInfer.Features;

/// <summary>
/// Leave-one-out: one event of every user is the target, those before it are the history (He et al. 2017; Kang and McAuley 2018).
/// Users with too few events to have both are left out.
/// </summary>
public sealed class LeaveOneOutSplit
{
    private readonly UserSequences _sequences;
    private readonly int[] _rows;
    private readonly int _newer;

    /// <summary>Creates a split.</summary>
    /// <param name="sequences">The users' histories.</param>
    /// <param name="newer">Events after the target, which are ignored: 0 takes the last event as target (test), 1 the one before (validation).</param>
    public LeaveOneOutSplit(UserSequences sequences, int newer = 0)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentOutOfRangeException.ThrowIfNegative(newer);
        _sequences = sequences;
        _newer = newer;
        _rows = [.. Enumerable.Range(0, sequences.Count).Where(row => sequences[row].Length >= newer + 2)];
    }

    /// <summary>Number of users that have a history and a target.</summary>
    public int Count => _rows.Length;

    /// <summary>The user's id.</summary>
    public int User(int index) => _sequences.Users[_rows[index]];

    /// <summary>The items before the target, oldest first; at least one.</summary>
    public ReadOnlySpan<int> History(int index) => _sequences[_rows[index]][..^(_newer + 1)];

    /// <summary>The item to be predicted.</summary>
    public int Target(int index) => _sequences[_rows[index]][^(_newer + 1)];
}
