namespace SeqInfer.Inputs;

/// <summary>The largest batch a workspace is made for.</summary>
public readonly record struct BatchLimits
{
    /// <summary>Limits of one row, and nothing ragged.</summary>
    public BatchLimits()
    {
    }

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

    /// <summary>Outputs that will be asked for; empty: all but those that are made on demand (<see cref="OutputSpec.IsOnDemand"/>).</summary>
    public OutputSet Outputs { get; init; }

    /// <summary>True when a batch of these limits fits where one of <paramref name="other"/> is expected.</summary>
    public bool FitsIn(BatchLimits other) =>
        MaxBatch <= other.MaxBatch
        && MaxEvents <= other.MaxEvents
        && MaxCandidates <= other.MaxCandidates
        && MaxExclusions <= other.MaxExclusions
        && MaxK <= other.MaxK
        && other.Outputs.Includes(Outputs);

    /// <summary>The limit of a ragged input.</summary>
    public int Of(RaggedRole role) => role switch
    {
        RaggedRole.Candidates => MaxCandidates,
        RaggedRole.Exclusions => MaxExclusions,
        _ => MaxEvents,
    };
}
