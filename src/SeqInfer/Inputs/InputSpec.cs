namespace SeqInfer.Inputs;

/// <summary>What the values of an input are.</summary>
public enum InputKind
{
    /// <summary>32-bit ids, any number a row.</summary>
    RaggedIds,

    /// <summary>32-bit ids, a fixed number a row.</summary>
    Ids,

    /// <summary>Floats, a fixed number a row.</summary>
    Values,

    /// <summary>Floats, one for each id of another input (<see cref="InputSpec.ParallelTo"/>).</summary>
    RaggedValues,
}

/// <summary>Which limit of <see cref="BatchLimits"/> bounds a ragged input.</summary>
public enum RaggedRole
{
    /// <summary>The events of a history.</summary>
    Events,

    /// <summary>Items to be scored.</summary>
    Candidates,

    /// <summary>Items that must not come back.</summary>
    Exclusions,
}

/// <summary>One input of a model.</summary>
public sealed record InputSpec
{
    /// <summary>Name in batches, case files and messages.</summary>
    public required string Name { get; init; }

    /// <summary>What the values are.</summary>
    public required InputKind Kind { get; init; }

    /// <summary>Values a row; 0 for ragged inputs.</summary>
    public int Width { get; init; }

    /// <summary>Lowest id that is accepted.</summary>
    public int MinId { get; init; }

    /// <summary>Highest id that is accepted.</summary>
    public int MaxId { get; init; } = int.MaxValue;

    /// <summary>Ids of a row that the model looks at, the newest ones; 0: all.</summary>
    public int MaxLength { get; init; }

    /// <summary>Which limit bounds a ragged input.</summary>
    public RaggedRole Role { get; init; }

    /// <summary>False for inputs that may be left out: then every row has none.</summary>
    public bool IsRequired { get; init; } = true;

    /// <summary>The input of ids that ragged values belong to: both have equally many entries in every row.</summary>
    public string? ParallelTo { get; init; }

    /// <summary>
    /// True where asking for every id, one a row, is a whole request: what tools do for an input that a file leaves out.
    /// </summary>
    public bool IsEnumerable { get; init; }

    /// <summary>"items: int32[batch, ragged &lt;= 200] of 1..3416".</summary>
    public override string ToString() => Kind switch
    {
        InputKind.Values => $"{Name}: float32[batch, {Width}]",
        InputKind.RaggedValues => $"{Name}: float32[batch, ragged as {ParallelTo}]",
        InputKind.Ids => $"{Name}: int32[batch, {Width}] of {MinId}..{MaxId}",
        _ => $"{Name}: int32[batch, ragged{(MaxLength > 0 ? $" <= {MaxLength}" : "")}] of {MinId}..{MaxId}",
    };
}
