namespace SeqInfer.Ranking;

/// <summary>
/// Collects the ranks of a leave-one-out evaluation, one relevant item a user, and gives the means of <see cref="RankMetrics"/>.
/// </summary>
public sealed class RankingMetrics
{
    private readonly List<int> _ranks = [];

    /// <summary>The 0-based ranks, in the order they were added.</summary>
    public IReadOnlyList<int> Ranks => _ranks;

    /// <summary>Users.</summary>
    public int Count => _ranks.Count;

    /// <summary>Adds one user.</summary>
    /// <param name="rank">0-based rank of the relevant item, see <see cref="TargetRank"/>.</param>
    public void Add(int rank)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        _ranks.Add(rank);
    }

    /// <summary>Adds the users of another collection.</summary>
    public void Add(RankingMetrics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        _ranks.AddRange(other._ranks);
    }

    /// <summary>Mean HR@K; 0 without users.</summary>
    public double HitRate(int k) => Mean(RankMetrics.HitRate, k);

    /// <summary>Mean recall@K, which is HR@K since every user has one relevant item; 0 without users.</summary>
    public double Recall(int k) => HitRate(k);

    /// <summary>Mean precision@K, HR@K / K; 0 without users.</summary>
    public double Precision(int k) => Mean(RankMetrics.Precision, k);

    /// <summary>Mean NDCG@K; 0 without users.</summary>
    public double Ndcg(int k) => Mean(RankMetrics.Ndcg, k);

    /// <summary>Mean reciprocal rank, of ranks below K only where K is given; 0 without users. With one relevant item it is also MAP.</summary>
    public double ReciprocalRank(int k = int.MaxValue) => Mean(RankMetrics.ReciprocalRank, k);

    private double Mean(Func<int, int, double> metric, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        double sum = 0;
        foreach (int rank in _ranks)
            sum += metric(rank, k);
        return _ranks.Count == 0 ? 0 : sum / _ranks.Count;
    }
}
