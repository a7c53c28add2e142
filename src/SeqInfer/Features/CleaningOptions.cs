namespace SeqInfer.Features;

/// <summary>Which events of a log are kept.</summary>
public sealed record CleaningOptions
{
    /// <summary>Events a user must have. With <see cref="MinEventsPerItem"/> it is applied until both hold: the k-core of the log.</summary>
    public int MinEventsPerUser { get; init; } = 1;

    /// <summary>Events an item must have.</summary>
    public int MinEventsPerItem { get; init; } = 1;

    /// <summary>Lowest rating that counts as interest.</summary>
    public float MinRating { get; init; } = float.NegativeInfinity;

    /// <summary>Of events that repeat the item of the same user's event before, keep the first.</summary>
    public bool DropConsecutiveDuplicates { get; init; }
}
