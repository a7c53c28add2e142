using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Layers;

/// <summary>The sequences of one attention layer.</summary>
/// <param name="Queries">Rows that ask.</param>
/// <param name="Keys">Rows that answer.</param>
/// <param name="IsCausal">True hides later rows.</param>
/// <param name="PrefixCounts">For each sequence, how many rows of padding come before it; null: none take part.</param>
public readonly record struct AttentionRows(Ragged Queries, Ragged Keys, bool IsCausal, Indices? PrefixCounts)
{
    /// <summary>
    /// [rows that answer, <see cref="IAttention.KeptSize"/>]: what the layer keeps of rows, with that of a sequence's older rows in place; that of
    /// its newest rows, which alone are given then, is computed into it. Null: all rows are given.
    /// </summary>
    public Tensor? Kept { get; init; }
}

/// <summary>Multi-head attention of rows to the rows of their sequence, with its projections.</summary>
public interface IAttention
{
    /// <summary>Columns that the layer needs of a row that answers, once computed.</summary>
    int KeptSize { get; }

    /// <summary>y = attention(query rows, key rows) W_o^T + b_o + residual; W_o is the identity where there is no projection.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="queries">[query rows, hidden size], before the projection.</param>
    /// <param name="keys">[key rows, hidden size], before the projection; the newest ones where those of the older ones are kept.</param>
    /// <param name="rows">Sequences, mask and padding.</param>
    /// <param name="y">[query rows, hidden size].</param>
    /// <param name="residual">[query rows, hidden size], or null.</param>
    void Forward(Workspace workspace, Tensor queries, Tensor keys, in AttentionRows rows, Tensor y, Tensor? residual);

    /// <summary>Keeps what the padding's rows answer.</summary>
    /// <param name="workspace">Holds the rows.</param>
    /// <param name="padding">[rows, hidden size], before the projection.</param>
    /// <param name="repeated">True: one row that stands for any number of equal ones.</param>
    void FreezePadding(Workspace workspace, Tensor padding, bool repeated);
}
