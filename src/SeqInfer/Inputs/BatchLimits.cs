namespace SeqInfer.Inputs;

/// <summary>The largest batch a workspace is made for.</summary>
public sealed record BatchLimits
{
    /// <summary>Rows (users, requests).</summary>
    public int MaxBatch { get; init; } = 1;

    /// <summary>Events of all histories together.</summary>
    public int MaxEvents { get; init; }

    /// <summary>Candidates of all rows together.</summary>
    public int MaxCandidates { get; init; }

    /// <summary>Excluded ids of all rows together.</summary>
    public int MaxExclusions { get; init; }

    /// <summary>Items that top-K returns for one row.</summary>
    public int MaxK { get; init; }

    /// <summary>Outputs that will be asked for; empty: the model's default output, and those that the other limits make room for.</summary>
    public OutputSet Outputs { get; init; }

    /// <summary>The limit of a ragged input.</summary>
    public int Of(RaggedRole role) => role switch
    {
        RaggedRole.Candidates => MaxCandidates,
        RaggedRole.Exclusions => MaxExclusions,
        _ => MaxEvents,
    };
}
