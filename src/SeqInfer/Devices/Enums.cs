namespace SeqInfer.Devices;

/// <summary>How the elements of two tensors are combined.</summary>
public enum BinaryOperation
{
    /// <summary>a + b.</summary>
    Add,

    /// <summary>a - b.</summary>
    Subtract,

    /// <summary>a * b.</summary>
    Multiply,

    /// <summary>The larger of a and b; b where one of them is NaN.</summary>
    Maximum,
}

/// <summary>How the rows of a sequence become one row.</summary>
public enum PoolKind
{
    /// <summary>The last row.</summary>
    Last,

    /// <summary>The arithmetic mean.</summary>
    Mean,

    /// <summary>The largest value of each column.</summary>
    Max,

    /// <summary>The sum.</summary>
    Sum,
}

/// <summary>How a matrix of steps and channels becomes one row.</summary>
public enum FlattenOrder
{
    /// <summary>Channel by channel, as PyTorch, whose sequences are [channels, steps].</summary>
    ChannelsFirst,

    /// <summary>Step by step, as Keras.</summary>
    TimeFirst,
}

/// <summary>Which deviation a layer norm divides by.</summary>
public enum LayerNormKind
{
    /// <summary>gamma * (x - mean) / sqrt(variance + eps) + beta with the biased variance (Ba et al. 2016; torch.nn.LayerNorm).</summary>
    Standard,

    /// <summary>gamma * (x - mean) / (deviation + eps) + beta with the n - 1 deviation, as The Annotated Transformer writes it.</summary>
    UnbiasedStd,
}

/// <summary>The recurrent cells, with PyTorch's gate order.</summary>
public enum RecurrentCell
{
    /// <summary>h' = tanh(W_ih x + b_ih + W_hh h + b_hh).</summary>
    RnnTanh,

    /// <summary>h' = relu(W_ih x + b_ih + W_hh h + b_hh).</summary>
    RnnRelu,

    /// <summary>Gates i, f, g, o; c' = f * c + i * g; h' = o * tanh(c').</summary>
    Lstm,

    /// <summary>Gates r, z, n; n = tanh(W_in x + b_in + r * (W_hn h + b_hn)); h' = (1 - z) * n + z * h.</summary>
    Gru,

    /// <summary>
    /// The GRU as first published (Cho et al. 2014), whose reset gate acts before the product; Keras' reset_after=False. Gates r, z, n;
    /// n = tanh(W_in x + b_in + W_hn (r * h) + b_hn); h' = (1 - z) * n + z * h.
    /// </summary>
    GruResetFirst,

    /// <summary>
    /// GRU with attentional update gate (Zhou et al. 2019, DIEN): gates r, u, n as those of <see cref="Gru"/>; with the step's attention a,
    /// h' = (1 - a * u) * h + a * u * n.
    /// </summary>
    AttentionalUpdateGru,

    /// <summary>Attention-based GRU (DIEN's AGRU): gates r, u, n, where u is not used; h' = (1 - a) * h + a * n.</summary>
    AttentionGru,
}

/// <summary>What the score of an item is, given a query.</summary>
public enum Similarity
{
    /// <summary>The inner product.</summary>
    Dot,

    /// <summary>The inner product of the vectors scaled to length 1; 0 where one of them is 0.</summary>
    Cosine,

    /// <summary>Minus the squared Euclidean distance.</summary>
    NegL2Squared,
}
