namespace SeqInfer.Gpu.Kernels.Recurrent;

/// <summary>What a step computes. The cell whose reset gate acts before the product takes two.</summary>
internal enum StepKind
{
    RnnTanh,
    RnnRelu,
    Lstm,
    Gru,
    AttentionalUpdateGru,
    AttentionGru,

    /// <summary>Gates r and z; leaves r * h and z.</summary>
    ResetGates,

    /// <summary>The candidate from r * h, and the new state.</summary>
    ResetCandidate,
}
