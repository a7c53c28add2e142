namespace SeqInfer.Ranking;

/// <summary>
/// Collects the ranks of the items that users really chose, one (leave-one-out) or several a user, and gives the means over users of
/// <see cref="RankMetrics"/> and <see cref="ListMetrics"/>.
/// </summary>
public sealed class RankingMetrics
{
    private readonly List<int> _ranks = [];
    private readonly List<int> _ends = [];

    /// <summary>The 0-based ranks of all users, in the order they were added.</summary>
    public IReadOnlyList<int> Ranks => _ranks;

    /// <summary>Users.</summary>
    public int Count => _ends.Count;

    /// <summary>Adds one user.</summary>
    /// <param name="ranks">0-based ranks of all that is relevant to the user, see <see cref="TargetRank"/>: at least one, each other than the rest.</param>
    public void Add(params ReadOnlySpan<int> ranks)
    {
        ArgumentOutOfRangeException.ThrowIfZero(ranks.Length);
        foreach (int rank in ranks)
            ArgumentOutOfRangeException.ThrowIfNegative(rank, nameof(ranks));
        _ranks.AddRange(ranks);
        _ends.Add(_ranks.Count);
    }

    /// <summary>Adds the users of another collection.</summary>
    public void Add(RankingMetrics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        int before = _ranks.Count;
        _ranks.AddRange(other._ranks);
        _ends.AddRange(other._ends.Select(end => before + end));
    }

    /// <summary>Mean HR@K, the share of users with a hit; 0 without users.</summary>
    public double HitRate(int k) => Mean(k, (ranks, k) => Hits(ranks, k) > 0 ? 1 : 0);

    /// <summary>Mean recall@K, which is HR@K where every user has one relevant item; 0 without users.</summary>
    public double Recall(int k) => Mean(k, (ranks, k) => (double)Hits(ranks, k) / ranks.Count);

    /// <summary>Mean precision@K; 0 without users.</summary>
    public double Precision(int k) => Mean(k, (ranks, k) => (double)Hits(ranks, k) / k);

    /// <summary>Mean NDCG@K; 0 without users.</summary>
    public double Ndcg(int k) => Mean(k, Ndcg);

    /// <summary>
    /// Mean reciprocal rank of the best relevant item, of ranks below K only where K is given; 0 without users. With one relevant item it is
    /// also MAP.
    /// </summary>
    public double ReciprocalRank(int k = int.MaxValue) => Mean(k, (ranks, k) => RankMetrics.ReciprocalRank(ranks.Min(), k));

    private static int Hits(ArraySegment<int> ranks, int k) => ranks.Count(rank => rank < k);

    private static double Ndcg(ArraySegment<int> ranks, int k)
    {
        double gain = 0;
        double ideal = 0;
        for (int i = 0; i < ranks.Count; i++)
        {
            gain += RankMetrics.Ndcg(ranks[i], k);
            ideal += RankMetrics.Ndcg(i, k);
        }

        return gain / ideal;
    }

    private double Mean(int k, Func<ArraySegment<int>, int, double> metric)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        int[] ranks = [.. _ranks];
        double sum = 0;
        for (int user = 0; user < Count; user++)
        {
            int start = user == 0 ? 0 : _ends[user - 1];
            sum += metric(new ArraySegment<int>(ranks, start, _ends[user] - start), k);
        }

        return Count == 0 ? 0 : sum / Count;
    }
}
