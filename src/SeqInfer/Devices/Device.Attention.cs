using SeqInfer.Tensors;

namespace SeqInfer.Devices;

public abstract partial class Device
{
    /// <summary>y = softmax(scale * q k^T + mask) v, head by head, over ragged sequences. A query that sees no key gives zeros.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="query">[query rows, hidden size].</param>
    /// <param name="key">[key rows, hidden size], or [key rows, head size] where heads share keys.</param>
    /// <param name="value">As the keys.</param>
    /// <param name="spec">Sequences, heads, scale, mask and prefix.</param>
    /// <param name="output">[query rows, hidden size], the query itself or apart from all inputs.</param>
    /// <exception cref="ArgumentException">A shape does not fit, offsets are wrong or windows overlap.</exception>
    public void Attention(Workspace workspace, Tensor query, Tensor key, Tensor value, in AttentionSpec spec, Tensor output)
    {
        Begin(workspace);
        CheckRagged(workspace, spec.Queries, "queries");
        CheckRagged(workspace, spec.Keys, "keys");
        int hidden = query.ColumnCount;
        CheckInput(workspace, query, spec.Queries.RowCount, hidden, nameof(query));
        if (spec.HeadCount < 1 || hidden % spec.HeadCount != 0)
            throw new ArgumentException($"a hidden size of {hidden} cannot be split into {spec.HeadCount} heads", nameof(spec));
        int keySize = spec.SharesKeys ? hidden / spec.HeadCount : hidden;
        CheckInput(workspace, key, spec.Keys.RowCount, keySize, nameof(key));
        CheckInput(workspace, value, spec.Keys.RowCount, keySize, nameof(value));
        CheckOutput(workspace, output, query.RowCount, hidden);
        CheckSameOrApart(query, output);
        CheckApart(key, output);
        CheckApart(value, output);
        if (spec.Queries.Count != spec.Keys.Count)
            throw new ArgumentException($"{spec.Queries.Count} query sequences, {spec.Keys.Count} key sequences", nameof(spec));
        if (spec.Prefix is { } prefix)
            CheckPrefix(workspace, prefix, spec.Keys.Count, keySize);
        if (!output.IsEmpty)
            AttentionCore(workspace, query, key, value, spec, output);
    }

    /// <summary>Computes checked attention. While planning, it only takes its scratch.</summary>
    protected abstract void AttentionCore(
        Workspace workspace, Tensor query, Tensor key, Tensor value, in AttentionSpec spec, Tensor output);

    private void CheckPrefix(Workspace workspace, AttentionPrefix prefix, int sequences, int keySize)
    {
        Begin(workspace, prefix.Keys);
        Begin(workspace, prefix.Values);
        workspace.Check(prefix.Counts, "prefix counts");
        if (prefix.Keys.ColumnCount != keySize || prefix.Values.ColumnCount != keySize || prefix.Keys.RowCount != prefix.Values.RowCount)
            throw new ArgumentException($"prefix keys [{prefix.Keys.RowCount}, {prefix.Keys.ColumnCount}] and values [{prefix.Values.RowCount}, {prefix.Values.ColumnCount}] do not fit keys of {keySize} columns", nameof(prefix));
        if (prefix.Repeated && prefix.Keys.RowCount != 1)
            throw new ArgumentException($"a repeated prefix has one row, not {prefix.Keys.RowCount}", nameof(prefix));
        if (prefix.Counts.Count != sequences)
            throw new ArgumentException($"{prefix.Counts.Count} prefix counts for {sequences} sequences", nameof(prefix));
        if (workspace.IsPlanning)
            return;
        int most = prefix.Repeated ? int.MaxValue : prefix.Keys.RowCount;
        foreach (int count in workspace.Span(prefix.Counts))
        {
            if (count < 0 || count > most)
                throw new ArgumentException($"a prefix count is {count}, expected 0 .. {most}", nameof(prefix));
        }
    }
}
