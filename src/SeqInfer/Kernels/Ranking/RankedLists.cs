namespace SeqInfer.Kernels.Ranking;

/// <summary>Several ranked lists of one user, best first, and where each has been read to.</summary>
internal unsafe struct RankedLists
{
    /// <summary>The ids of the first list; -1 ends a list early.</summary>
    public int* Ids;

    /// <summary>Integers from one list to the next.</summary>
    public nint IdStride;

    /// <summary>The scores of the first list.</summary>
    public float* Scores;

    /// <summary>Floats from one list to the next.</summary>
    public nint ScoreStride;

    /// <summary>Scratch: the next place of every list.</summary>
    public int* Heads;

    /// <summary>Number of lists.</summary>
    public int Count;

    /// <summary>Places of a list.</summary>
    public int Length;
}
