namespace SeqInfer.Bench.Recording;

/// <summary>How a linear layer over sequences is written; ONNX Runtime has different fusions for each.</summary>
internal enum LinearForm
{
    /// <summary>Gemm on [batch * length, in]: the bias is part of the operator.</summary>
    Gemm,

    /// <summary>MatMul on [batch, length, in], then Add: what torch.onnx.export writes for nn.Linear on sequences.</summary>
    MatMulAdd,
}

/// <summary>Choices of a recording.</summary>
internal sealed record RecordingOptions
{
    /// <summary>How linear layers over sequences are written.</summary>
    public LinearForm Linear { get; init; }

    /// <summary>True leaves the batch size to each run.</summary>
    public bool IsBatchSymbolic { get; init; }

    /// <summary>
    /// True for sequences that are padded on the right to the recorded length: the graph gets the inputs <see cref="GraphInputs.LastRows"/>
    /// and <see cref="GraphInputs.KeyMask"/> and takes each sequence's last row from its own place.
    /// </summary>
    public bool IsPadded { get; init; }
}
