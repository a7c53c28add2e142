namespace SeqInfer.Kernels.Attention;

/// <summary>The running softmax of the query rows of a tile (Milakov and Gimelshein 2018).</summary>
internal unsafe struct RowState
{
    /// <summary>Largest score so far.</summary>
    public fixed float Max[AttentionKernel.TileRows];

    /// <summary>Largest score before the current tile of keys.</summary>
    public fixed float Before[AttentionKernel.TileRows];

    /// <summary>Sum of e^(score - max) so far.</summary>
    public fixed float Sum[AttentionKernel.TileRows];

    /// <summary>What the current tile of keys has added to the sum, each key once.</summary>
    public fixed float Added[AttentionKernel.TileRows];

    /// <summary>What the weighted sums so far have to be multiplied with, now that the maximum has grown.</summary>
    public fixed float Rescale[AttentionKernel.TileRows];

    /// <summary>Keys of the current tile that the row sees; the rows of a tile in ascending order.</summary>
    public fixed int Visible[AttentionKernel.TileRows];
}
