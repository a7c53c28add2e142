namespace SeqInfer.Gpu.Kernels.Attention;

/// <summary>What every version of attention reads.</summary>
internal readonly struct AttentionOperands(
    Window query, Window key, Window value, Sequences queries, Sequences keys, Prefix prefix, int headSize, int keyStep, float scale, int isCausal)
{
    public readonly Window Query = query;

    public readonly Window Key = key;

    public readonly Window Value = value;

    public readonly Sequences Queries = queries;

    public readonly Sequences Keys = keys;

    public readonly Prefix Prefix = prefix;

    public readonly int HeadSize = headSize;

    /// <summary>Columns from the keys of one head to those of the next: the head size, or 0 where heads share them.</summary>
    public readonly int KeyStep = keyStep;

    public readonly float Scale = scale;

    private readonly int _isCausal = isCausal;

    /// <summary>Keys that the i-th query of a sequence sees: queries are aligned with the newest keys.</summary>
    public int VisibleKeys(int query, int queryCount, int keyCount)
    {
        int visible = _isCausal != 0 ? keyCount - queryCount + query + 1 : keyCount;
        return visible < 0 ? 0 : visible;
    }
}
