namespace SeqInfer.Ranking;

/// <summary>
/// Metrics of one user's ranked list against any number of relevant items, as in Herlocker et al. 2004 and, for NDCG, Järvelin and
/// Kekäläinen 2002 with gains 0 and 1. A list shorter than K counts as one whose other places are wrong. Without relevant items every
/// metric is 0; evaluations leave such users out.
/// </summary>
public static class ListMetrics
{
    /// <summary>HR@K: 1 when one of the first K items is relevant.</summary>
    public static double HitRate(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant, int k) => Hits(ranked, relevant, k) > 0 ? 1 : 0;

    /// <summary>Recall@K: relevant items among the first K, divided by all relevant items.</summary>
    public static double Recall(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant, int k)
    {
        int hits = Hits(ranked, relevant, k);
        return relevant.Count == 0 ? 0 : (double)hits / relevant.Count;
    }

    /// <summary>Precision@K: relevant items among the first K, divided by K.</summary>
    public static double Precision(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant, int k) => (double)Hits(ranked, relevant, k) / k;

    /// <summary>MRR@K: 1 / (rank + 1) of the first relevant item among the first K, else 0.</summary>
    public static double ReciprocalRank(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant, int k)
    {
        ranked = First(ranked, relevant, k);
        for (int rank = 0; rank < ranked.Length; rank++)
        {
            if (relevant.Contains(ranked[rank]))
                return 1 / (rank + 1.0);
        }

        return 0;
    }

    /// <summary>
    /// AP@K: the sum, over relevant items among the first K, of the precision at their place, divided by min(K, relevant items), so that a
    /// perfect list has 1. The mean over users is MAP@K.
    /// </summary>
    public static double AveragePrecision(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant, int k)
    {
        ranked = First(ranked, relevant, k);
        double sum = 0;
        int hits = 0;
        for (int rank = 0; rank < ranked.Length; rank++)
        {
            if (relevant.Contains(ranked[rank]))
                sum += ++hits / (rank + 1.0);
        }

        return hits == 0 ? 0 : sum / Math.Min(k, relevant.Count);
    }

    /// <summary>
    /// NDCG@K: the sum of 1 / log2(rank + 2) over relevant items among the first K, divided by that of a list that begins with
    /// min(K, relevant items) relevant ones.
    /// </summary>
    public static double Ndcg(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant, int k)
    {
        ranked = First(ranked, relevant, k);
        double gain = 0;
        for (int rank = 0; rank < ranked.Length; rank++)
        {
            if (relevant.Contains(ranked[rank]))
                gain += 1 / Math.Log2(rank + 2.0);
        }

        double ideal = 0;
        for (int rank = 0; rank < Math.Min(k, relevant.Count); rank++)
            ideal += 1 / Math.Log2(rank + 2.0);
        return ideal == 0 ? 0 : gain / ideal;
    }

    private static int Hits(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant, int k)
    {
        int hits = 0;
        foreach (int id in First(ranked, relevant, k))
            hits += relevant.Contains(id) ? 1 : 0;
        return hits;
    }

    private static ReadOnlySpan<int> First(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant, int k)
    {
        ArgumentNullException.ThrowIfNull(relevant);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return ranked.Length <= k ? ranked : ranked[..k];
    }
}
