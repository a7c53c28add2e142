namespace SeqInfer.Kernels.Ranking;

/// <summary>Merges ranked lists of one length into one of that length, every id once.</summary>
internal static unsafe class MergeKernel
{
    /// <summary>Takes the best head of all lists until the result is full. An id comes first with its best score, later ones are passed over.</summary>
    public static void Run(in RankedLists lists, int* ids, float* scores)
    {
        new Span<int>(lists.Heads, lists.Count).Clear();
        int rank = 0;
        while (rank < lists.Length && Best(lists) is int list and >= 0)
        {
            int head = lists.Heads[list]++;
            int id = (lists.Ids + (list * lists.IdStride))[head];
            if (new ReadOnlySpan<int>(ids, rank).Contains(id))
                continue;
            ids[rank] = id;
            scores[rank++] = (lists.Scores + (list * lists.ScoreStride))[head];
        }

        new Span<int>(ids + rank, lists.Length - rank).Fill(-1);
        new Span<float>(scores + rank, lists.Length - rank).Fill(float.NegativeInfinity);
    }

    /// <summary>The list with the best head, or -1 where all have been read.</summary>
    private static int Best(in RankedLists lists)
    {
        int best = -1;
        long bestKey = long.MinValue;
        for (int list = 0; list < lists.Count; list++)
        {
            int head = lists.Heads[list];
            if (head == lists.Length || (lists.Ids + (list * lists.IdStride))[head] is not (int id and >= 0))
                continue;
            long key = TopKKey.Of((lists.Scores + (list * lists.ScoreStride))[head], id);
            if (best >= 0 && key <= bestKey)
                continue;
            best = list;
            bestKey = key;
        }

        return best;
    }
}
