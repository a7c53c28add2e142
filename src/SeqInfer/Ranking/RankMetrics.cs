namespace SeqInfer.Ranking;

/// <summary>
/// Metrics of one user with one relevant item, from the item's rank (0-based, see <see cref="TargetRank"/>): leave-one-out evaluation as in
/// He et al. 2017 (Neural Collaborative Filtering) and Kang and McAuley 2018 (SASRec). A mean over users gives the published figures.
/// </summary>
public static class RankMetrics
{
    /// <summary>HR@K: 1 when rank &lt; K, else 0. With one relevant item it is also recall@K.</summary>
    public static double HitRate(int rank, int k) => IsHit(rank, k) ? 1 : 0;

    /// <summary>NDCG@K: 1 / log2(rank + 2) when rank &lt; K, else 0; the ideal gain of one relevant item is 1.</summary>
    public static double Ndcg(int rank, int k) => IsHit(rank, k) ? 1 / Math.Log2(rank + 2.0) : 0;

    /// <summary>MRR@K: 1 / (rank + 1) when rank &lt; K, else 0. With one relevant item it is also average precision@K.</summary>
    public static double ReciprocalRank(int rank, int k) => IsHit(rank, k) ? 1 / (rank + 1.0) : 0;

    /// <summary>Precision@K: 1 / K when rank &lt; K, else 0.</summary>
    public static double Precision(int rank, int k) => IsHit(rank, k) ? 1.0 / k : 0;

    private static bool IsHit(int rank, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return rank < k;
    }
}
