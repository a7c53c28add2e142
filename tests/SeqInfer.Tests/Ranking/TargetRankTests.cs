using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Ranking;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Ranking;

public sealed class TargetRankTests
{
    // Few distinct values, so that most samples have ties.
    private static readonly Gen<(double[] Scores, int Target)> Samples =
        from scores in Gen.NonEmptyListOf(Gen.Choose(0, 5).Select(value => value / 4.0))
        from target in Gen.Choose(0, scores.Count - 1)
        select (scores.ToArray(), target);

    [Theory]
    [InlineData(TieRule.Best, 1)]
    [InlineData(TieRule.Worst, 3)]
    [InlineData(TieRule.LowerIdFirst, 2)]
    public void Ties_stand_where_the_rule_says(TieRule rule, int expected) =>
        Assert.Equal(expected, TargetRank.Of([2, 5, 2, 2, 1], 2, rule));

    [Fact]
    public void With_lower_ids_first_the_rank_is_the_place_in_a_sort() => Property.Check(Samples, sample =>
    {
        int[] sorted = [.. Enumerable.Range(0, sample.Scores.Length).OrderByDescending(id => sample.Scores[id]).ThenBy(id => id)];
        Assert.Equal(Array.IndexOf(sorted, sample.Target), TargetRank.Of(sample.Scores, sample.Target, TieRule.LowerIdFirst));
    });

    [Fact]
    public void Removed_items_are_as_if_they_were_not_there() => Property.Check(
        from sample in Samples
        from removed in Gen.ListOf(Gen.Choose(-1, sample.Scores.Length))
        from rule in Gen.Elements(TieRule.Best, TieRule.Worst, TieRule.LowerIdFirst)
        select (sample, removed, rule),
        value =>
        {
            (double[] scores, int target) = value.sample;
            int[] kept = [.. Enumerable.Range(0, scores.Length).Where(id => id == target || !value.removed.Contains(id))];
            int expected = TargetRank.Of(kept.Select(id => scores[id]).ToArray(), Array.IndexOf(kept, target), value.rule);
            Assert.Equal(expected, TargetRank.Of(scores, target, value.removed.ToArray(), value.rule));
        });

    [Fact]
    public void A_score_that_is_no_number_stands_last()
    {
        Assert.Equal(2, TargetRank.Of([1, double.NaN, double.NegativeInfinity], 1));
        Assert.Equal(0, TargetRank.Of([1, double.NaN], 0, TieRule.Worst));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void A_target_without_a_score_is_an_error(int target) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TargetRank.Of([1, 2], target));
}
