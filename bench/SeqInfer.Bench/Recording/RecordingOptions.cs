namespace SeqInfer.Bench.Recording;

/// <summary>How a linear layer over sequences is written; ONNX Runtime has different fusions for each.</summary>
internal enum LinearForm
{
    /// <summary>Gemm on [batch * length, in]: the bias is part of the operator.</summary>
    Gemm,

    /// <summary>MatMul on [batch, length, in], then Add: what torch.onnx.export writes for nn.Linear on sequences.</summary>
    MatMulAdd,
}

/// <summary>How messages over a graph are added up.</summary>
internal enum AggregateForm
{
    /// <summary>Gather, Mul, ScatterND with a reduction.</summary>
    Scatter,

    /// <summary>Nodes of about the same degree together: Gather, and a product with their weights.</summary>
    Buckets,
}

/// <summary>How a row is repeated for many others.</summary>
internal enum BroadcastForm
{
    /// <summary>Expand.</summary>
    Expand,

    /// <summary>Gather with constant indices.</summary>
    Gather,
}

/// <summary>Choices of a recording.</summary>
internal sealed record RecordingOptions
{
    /// <summary>How linear layers over sequences are written.</summary>
    public LinearForm Linear { get; init; }

    /// <summary>How messages are added up.</summary>
    public AggregateForm Aggregate { get; init; }

    /// <summary>How rows are repeated.</summary>
    public BroadcastForm Broadcast { get; init; }

    /// <summary>
    /// Whether the newest row is carried to the side of the others where it alone asks, as our own pass does; otherwise all rows are projected to
    /// keys and values, as exported modules do.
    /// </summary>
    public bool CarriesSingleQueries { get; init; }

    /// <summary>What reports call the form.</summary>
    public string Name { get; init; } = nameof(LinearForm.Gemm);

    /// <summary>True leaves the batch size to each run.</summary>
    public bool IsBatchSymbolic { get; init; }

    /// <summary>
    /// True for sequences that are padded on the right to the recorded length: the graph gets the inputs <see cref="GraphInputs.LastRows"/>
    /// and <see cref="GraphInputs.KeyMask"/> and takes each sequence's last row from its own place.
    /// </summary>
    public bool IsPadded { get; init; }
}
