using FsCheck.Fluent;
using SeqInfer.Ranking;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Ranking;

/// <summary>Metrics against values worked out by hand and against their definitions.</summary>
public sealed class MetricTests
{
    // Sums of a few doubles in another order.
    private const double Rounding = 1e-12;

    [Theory]
    [InlineData(0, 10, 1, 1, 1, 0.1)]
    [InlineData(1, 10, 1, 0.63092975357145743, 0.5, 0.1)]
    [InlineData(9, 10, 1, 0.28906482631788782, 0.1, 0.1)]
    [InlineData(10, 10, 0, 0, 0, 0)]
    [InlineData(0, 1, 1, 1, 1, 1)]
    public void One_relevant_item(int rank, int k, double hit, double ndcg, double reciprocal, double precision)
    {
        Assert.Equal(hit, RankMetrics.HitRate(rank, k));
        Assert.Equal(ndcg, RankMetrics.Ndcg(rank, k), Rounding);
        Assert.Equal(reciprocal, RankMetrics.ReciprocalRank(rank, k), Rounding);
        Assert.Equal(precision, RankMetrics.Precision(rank, k), Rounding);
    }

    [Fact]
    public void A_list_with_one_relevant_item_measures_as_its_rank() => Property.Check(
        from rank in Gen.Choose(0, 20)
        from k in Gen.Choose(1, 15)
        select (rank, k),
        sample =>
        {
            int[] list = [.. Enumerable.Range(0, 21)];
            HashSet<int> relevant = [sample.rank];
            Assert.Equal(RankMetrics.HitRate(sample.rank, sample.k), ListMetrics.HitRate(list, relevant, sample.k));
            Assert.Equal(RankMetrics.HitRate(sample.rank, sample.k), ListMetrics.Recall(list, relevant, sample.k));
            Assert.Equal(RankMetrics.Ndcg(sample.rank, sample.k), ListMetrics.Ndcg(list, relevant, sample.k), Rounding);
            Assert.Equal(RankMetrics.ReciprocalRank(sample.rank, sample.k), ListMetrics.ReciprocalRank(list, relevant, sample.k), Rounding);
            Assert.Equal(RankMetrics.ReciprocalRank(sample.rank, sample.k), ListMetrics.AveragePrecision(list, relevant, sample.k), Rounding);
            Assert.Equal(RankMetrics.Precision(sample.rank, sample.k), ListMetrics.Precision(list, relevant, sample.k), Rounding);
        });

    [Fact]
    public void A_list_with_several_relevant_items()
    {
        int[] list = [7, 3, 9, 1, 5];
        HashSet<int> relevant = [3, 1, 42];
        Assert.Equal(1, ListMetrics.HitRate(list, relevant, 4));
        Assert.Equal(0, ListMetrics.HitRate(list, relevant, 1));
        Assert.Equal(2 / 3.0, ListMetrics.Recall(list, relevant, 4), Rounding);
        Assert.Equal(2 / 4.0, ListMetrics.Precision(list, relevant, 4), Rounding);
        Assert.Equal(2 / 10.0, ListMetrics.Precision(list, relevant, 10), Rounding);
        Assert.Equal(1 / 2.0, ListMetrics.ReciprocalRank(list, relevant, 4), Rounding);
        Assert.Equal(((1 / 2.0) + (2 / 4.0)) / 3, ListMetrics.AveragePrecision(list, relevant, 4), Rounding);
        double gain = (1 / Math.Log2(3)) + (1 / Math.Log2(5));
        double ideal = 1 + (1 / Math.Log2(3)) + (1 / Math.Log2(4));
        Assert.Equal(gain / ideal, ListMetrics.Ndcg(list, relevant, 4), Rounding);
    }

    [Fact]
    public void A_list_that_begins_with_the_relevant_items_is_perfect()
    {
        HashSet<int> relevant = [4, 8, 15];
        foreach (int k in (int[])[1, 2, 3, 10])
        {
            Assert.Equal(1, ListMetrics.Ndcg([8, 4, 15, 16], relevant, k), Rounding);
            Assert.Equal(1, ListMetrics.AveragePrecision([8, 4, 15, 16], relevant, k), Rounding);
        }
    }

    [Fact]
    public void Without_relevant_items_everything_is_0()
    {
        HashSet<int> none = [];
        Assert.Equal(0, ListMetrics.Ndcg([1], none, 1));
        Assert.Equal(0, ListMetrics.Recall([1], none, 1));
        Assert.Equal(0, ListMetrics.AveragePrecision([1], none, 1));
    }

    [Fact]
    public void Auc_is_the_share_of_pairs_in_order() => Property.Check(
        Gen.ListOf(Gen.Choose(0, 6).Zip(Gen.Elements(true, false))).Select(list => (ValueTuple<int, bool>[])[(3, true), (2, false), .. list.Select(pair => (pair.Item1, pair.Item2))]),
        sample =>
        {
            double[] scores = [.. sample.Select(pair => pair.Item1 / 2.0)];
            bool[] labels = [.. sample.Select(pair => pair.Item2)];
            double[] pairs = [.. from positive in sample where positive.Item2 from negative in sample where !negative.Item2 select (positive.Item1.CompareTo(negative.Item1) + 1) / 2.0];
            Assert.Equal(pairs.Average(), PredictionMetrics.Auc(scores, labels), Rounding);
        });

    [Fact]
    public void Auc_needs_both_labels_and_numbers()
    {
        Assert.Throws<ArgumentException>(() => PredictionMetrics.Auc([1, 2], [true, true]));
        Assert.Throws<ArgumentException>(() => PredictionMetrics.Auc([1, double.NaN], [true, false]));
        Assert.Throws<ArgumentException>(() => PredictionMetrics.Auc([1], [true, false]));
    }

    [Fact]
    public void Losses_of_predictions()
    {
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.8)) / 2, PredictionMetrics.LogLoss([0.9, 0.2], [true, false]), Rounding);
        Assert.Equal(-Math.Log(1e-15), PredictionMetrics.LogLoss([0], [true]), Rounding);
        Assert.Throws<ArgumentException>(() => PredictionMetrics.LogLoss([1.5], [true]));
        Assert.Throws<ArgumentException>(() => PredictionMetrics.LogLoss([double.NaN], [true]));
        Assert.Equal(Math.Sqrt((1 + 9) / 2.0), PredictionMetrics.Rmse([1, 5], [2, 2]), Rounding);
        Assert.Equal((1 + 3) / 2.0, PredictionMetrics.Mae([1, 5], [2, 2]), Rounding);
        Assert.Throws<ArgumentException>(() => PredictionMetrics.Rmse([], []));
    }

    [Fact]
    public void Means_over_users()
    {
        var metrics = new RankingMetrics();
        foreach (int rank in (int[])[0, 1, 25])
            metrics.Add(rank);
        var other = new RankingMetrics();
        other.Add(9);
        metrics.Add(other);

        Assert.Equal([0, 1, 25, 9], metrics.Ranks);
        Assert.Equal(3 / 4.0, metrics.HitRate(10), Rounding);
        Assert.Equal(3 / 4.0, metrics.Recall(10), Rounding);
        Assert.Equal(3 / 40.0, metrics.Precision(10), Rounding);
        Assert.Equal((1 + (1 / Math.Log2(3)) + (1 / Math.Log2(11))) / 4, metrics.Ndcg(10), Rounding);
        Assert.Equal((1 + 0.5 + 0.1) / 4, metrics.ReciprocalRank(10), Rounding);
        Assert.Equal((1 + 0.5 + 0.1 + (1 / 26.0)) / 4, metrics.ReciprocalRank(), Rounding);
        Assert.Equal(0, new RankingMetrics().Ndcg(10));
        Assert.Throws<ArgumentOutOfRangeException>(() => metrics.Add(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => metrics.HitRate(0));
    }
}
