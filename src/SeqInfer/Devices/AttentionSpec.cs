using SeqInfer.Tensors;

namespace SeqInfer.Devices;

/// <summary>Scaled dot-product attention over ragged sequences (Vaswani et al. 2017).</summary>
/// <param name="Queries">Rows of the query; sequence s of the queries attends to sequence s of the keys.</param>
/// <param name="Keys">Rows of keys and values.</param>
/// <param name="HeadCount">Heads; each takes hidden size / heads neighbouring columns.</param>
/// <param name="Scale">Factor of the scores before the softmax, usually 1 / sqrt(head size).</param>
/// <param name="Causal">
/// True hides the keys after a query. Queries are aligned with the newest keys: query i of n sees the keys 0 .. m - n + i of m.
/// So one query a sequence is its last row, whatever the mask.
/// </param>
/// <param name="Prefix">Keys before the first of every sequence, or null.</param>
public readonly record struct AttentionSpec(Ragged Queries, Ragged Keys, int HeadCount, float Scale, bool Causal, AttentionPrefix? Prefix = null)
{
    /// <summary>
    /// True: keys and values, those of the prefix too, have the columns of one head, and every head attends to all of them (multi-query
    /// attention, Shazeer 2019). False: every head has columns of its own.
    /// </summary>
    public bool SharesKeys { get; init; }
}

/// <summary>
/// Keys and values that come before the first of every sequence and are the same for all: what left padding leaves in the softmax.
/// </summary>
/// <param name="Keys">Prefix keys, one row each.</param>
/// <param name="Values">Prefix values, one row each.</param>
/// <param name="Counts">How many prefix rows come before sequence s.</param>
/// <param name="Repeated">
/// True: there is one row, and it counts <paramref name="Counts"/>[s] times.
/// False: the rows 0 .. <paramref name="Counts"/>[s] - 1 count once each.
/// </param>
public readonly record struct AttentionPrefix(Table Keys, Table Values, Indices Counts, bool Repeated);
