namespace SeqInfer.Kernels.Ranking.Codes;

/// <summary>Items of one query that passed the codes and wait for their scores, in ascending order.</summary>
internal unsafe struct PendingItems
{
    /// <summary>How many wait at most: as many as the widest vector has lanes.</summary>
    public const int Capacity = 16;

    /// <summary>How many wait.</summary>
    public int Count;

    /// <summary>Their ids.</summary>
    public fixed int Ids[Capacity];
}
