namespace SeqInfer.Inputs;

/// <summary>How many rows an output has.</summary>
public enum OutputKind
{
    /// <summary>One row for every row of the batch.</summary>
    PerRow,

    /// <summary>One row for every candidate of the batch.</summary>
    PerCandidate,

    /// <summary>Layers * directions rows for every row of the batch, layer after layer, as PyTorch lays states out.</summary>
    PerLayer,

    /// <summary>One row for every event of the first input, row after row of the batch.</summary>
    PerEvent,

    /// <summary>A number of rows that the model alone decides: one for every node of its graph.</summary>
    PerNode,

    /// <summary>k ids and k scores for every row of the batch.</summary>
    TopK,
}

/// <summary>One output of a model.</summary>
public sealed record OutputSpec
{
    /// <summary>Name in requests, case files and messages.</summary>
    public required string Name { get; init; }

    /// <summary>How many rows it has.</summary>
    public required OutputKind Kind { get; init; }

    /// <summary>Columns of a row; without meaning for top-K.</summary>
    public int Width { get; init; } = 1;

    /// <summary>Rows for <see cref="OutputKind.PerNode"/>.</summary>
    public int NodeCount { get; init; }

    /// <summary>Rows of a batch row for <see cref="OutputKind.PerLayer"/>.</summary>
    public int LayerCount { get; init; } = 1;

    /// <summary>
    /// The item that the first column is the score of, further ones following by id; null where columns are no scores of items. Tools that rank
    /// all items look for it, whatever the output's name.
    /// </summary>
    public int? FirstItem { get; init; }

    /// <summary>The lowest item that is ranked among all of them; what has a column before it is padding. Where <see cref="FirstItem"/> says something.</summary>
    public int FirstRankedItem { get; init; }

    /// <summary>True for an output so large that a workspace has room for it only where its limits name it.</summary>
    public bool IsOnDemand { get; init; }

    /// <summary>"hidden: float32[batch, 50]".</summary>
    public override string ToString() => Kind switch
    {
        OutputKind.PerCandidate => $"{Name}: float32[candidates]",
        OutputKind.PerLayer => $"{Name}: float32[{LayerCount}, batch, {Width}]",
        OutputKind.PerEvent => $"{Name}: float32[events, {Width}]",
        OutputKind.PerNode => $"{Name}: float32[{NodeCount}, {Width}]",
        OutputKind.TopK => $"{Name}: int32[batch, k], float32[batch, k]",
        _ => $"{Name}: float32[batch, {Width}]",
    };
}
