namespace SeqInfer.Kernels.Graph;

/// <summary>How many edges before its use a neighbour's row is asked for.</summary>
internal interface IRowPrefetch
{
    /// <summary>Into the first-level cache; 0 for not at all.</summary>
    static abstract int Near { get; }

    /// <summary>Into the second-level cache; 0 for not at all.</summary>
    static abstract int Far { get; }
}

/// <summary>Rows that lie in the second-level cache as a rule: the core itself runs ahead far enough.</summary>
internal readonly struct NoPrefetch : IRowPrefetch
{
    public static int Near => 0;

    public static int Far => 0;
}

/// <summary>
/// Rows that lie anywhere: many more of them can be on their way to the second-level cache than to the first, so each is asked for twice.
/// </summary>
internal readonly struct DeepPrefetch : IRowPrefetch
{
    public static int Near => 16;

    public static int Far => 96;
}
