using SeqInfer.Ranking;

namespace SeqInfer.Cli.Evaluation;

/// <summary>
/// The baseline that every recommender must beat: items by how often they appear in the histories, for every user alike, without those the
/// user has seen.
/// </summary>
internal static class Popularity
{
    /// <summary>The rank of every user's target; of equally popular items the one with the lower id comes first.</summary>
    /// <param name="set">Histories and one target a user; targets do not count as appearances.</param>
    public static RankingMetrics Rank(EvaluationSet set)
    {
        int items = Enumerable.Range(0, set.Count).Max(user => Math.Max(Highest(set.Targets[user]), Highest(set.SeenBy(user)))) + 1;
        double[] counts = new double[items];
        for (int user = 0; user < set.Count; user++)
        {
            foreach (int item in set.SeenBy(user))
                counts[item]++;
        }

        var metrics = new RankingMetrics();
        for (int user = 0; user < set.Count; user++)
            metrics.Add(TargetRank.Of(counts, set.Targets[user][0], set.SeenBy(user), TieRule.LowerIdFirst));
        return metrics;
    }

    private static int Highest(ReadOnlySpan<int> items)
    {
        int highest = 0;
        foreach (int item in items)
            highest = Math.Max(highest, item);
        return highest;
    }
}
