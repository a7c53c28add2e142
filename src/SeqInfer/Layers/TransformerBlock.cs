using SeqInfer.Tensors;

namespace SeqInfer.Layers;

/// <summary>Where a Transformer block normalises and what its residual is.</summary>
public enum BlockKind
{
    /// <summary>
    /// Q = LN(x), K = V = x; x = Q + attention; x = LN(x); x = x + FFN(x): SASRec as its author's TensorFlow code
    /// and the PyTorch port up to 2024 compute it.
    /// </summary>
    QueryNorm,

    /// <summary>x = LN(x + attention(x)); x = LN(x + FFN(x)): Vaswani et al. 2017, BERT.</summary>
    PostNorm,

    /// <summary>x = x + attention(LN(x)); x = x + FFN(LN(x)).</summary>
    PreNorm,
}

/// <summary>One Transformer block: attention and feed-forward with their norms and residuals.</summary>
public sealed class TransformerBlock(
    BlockKind kind, LayerNorm attentionNorm, IAttention attention, LayerNorm feedForwardNorm, FeedForward feedForward)
{
    /// <summary>Columns that the block needs of a row that answers, once computed.</summary>
    public int KeptSize => attention.KeptSize;

    /// <summary>Replaces every query row by the block's output for it.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="queries">[query rows, hidden size]: <paramref name="rows"/> itself, or a copy of those rows whose output is wanted.</param>
    /// <param name="keys">
    /// [key rows, hidden size]: every row, or the newest ones where what the older ones answer is kept; not changed unless it is
    /// <paramref name="queries"/>.
    /// </param>
    /// <param name="rows">Sequences, mask and padding.</param>
    public void Forward(Workspace workspace, Tensor queries, Tensor keys, in AttentionRows rows)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor normed = queries;
        if (kind != BlockKind.PostNorm)
        {
            normed = workspace.Take(queries.RowCount, queries.ColumnCount);
            attentionNorm.Forward(workspace, queries, normed);
        }

        using (workspace.Frame())
        {
            Tensor source = keys;
            if (kind == BlockKind.PreNorm)
                source = queries == keys ? normed : Normed(workspace, keys);
            attention.Forward(workspace, normed, source, rows, queries, residual: kind == BlockKind.QueryNorm ? normed : queries);
        }

        switch (kind)
        {
            case BlockKind.QueryNorm:
                feedForwardNorm.Forward(workspace, queries, queries);
                feedForward.Forward(workspace, queries, queries, residual: queries);
                break;
            case BlockKind.PostNorm:
                attentionNorm.Forward(workspace, queries, queries);
                feedForward.Forward(workspace, queries, queries, residual: queries);
                feedForwardNorm.Forward(workspace, queries, queries);
                break;
            default:
                feedForwardNorm.Forward(workspace, queries, normed);
                feedForward.Forward(workspace, normed, queries, residual: queries);
                break;
        }
    }

    /// <summary>Keeps what rows of padding answer in this block.</summary>
    /// <param name="workspace">Holds the rows.</param>
    /// <param name="padding">[rows, hidden size], as they enter the block.</param>
    /// <param name="repeated">True: one row that stands for any number of equal ones.</param>
    public void FreezePadding(Workspace workspace, Tensor padding, bool repeated)
    {
        using WorkspaceFrame frame = workspace.Frame();
        attention.FreezePadding(workspace, kind == BlockKind.PreNorm ? Normed(workspace, padding) : padding, repeated);
    }

    private Tensor Normed(Workspace workspace, Tensor x)
    {
        Tensor normed = workspace.Take(x.RowCount, x.ColumnCount);
        attentionNorm.Forward(workspace, x, normed);
        return normed;
    }
}
