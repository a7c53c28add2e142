using SeqInfer.Cli.Verification;

namespace SeqInfer.Tests.Verification;

/// <summary>The rule for ranked lists, with a tolerance of 0.1: scores closer than 0.2 may change places.</summary>
public sealed class TopKComparisonTests
{
    private const double Tolerance = 0.1;

    private static readonly int[] Ids = [7, 8, 9, 4];
    private static readonly double[] Scores = [5, 4, 3.9, 1];

    [Theory]
    [InlineData(new[] { 7, 8, 9, 4 }, true)]
    [InlineData(new[] { 7, 9, 8, 4 }, true)]
    [InlineData(new[] { 8, 7, 9, 4 }, false)]
    [InlineData(new[] { 7, 8, 8, 4 }, false)]
    [InlineData(new[] { 7, 8, 9, 5 }, false)]
    [InlineData(new[] { 7, 8, 9, -1 }, false)]
    public void Ids_may_change_places_only_where_scores_are_close(int[] ids, bool passes) => Assert.Equal(passes, Compare(ids, Scores, behind: 0.5).Passed);

    [Theory]
    [InlineData(0.05, true)]
    [InlineData(-0.05, true)]
    [InlineData(0.15, false)]
    public void Every_score_is_compared(double shift, bool passes) =>
        Assert.Equal(passes, Compare(Ids, [5, 4, 3.9, 1 + shift], behind: 0.5).Passed);

    [Theory]
    [InlineData(0.95, true)]
    [InlineData(0.5, false)]
    [InlineData(null, false)]
    public void The_last_rank_may_go_to_an_item_that_scores_as_much_behind_it(double? behind, bool passes) =>
        Assert.Equal(passes, Compare([7, 8, 9, 5], Scores, behind).Passed);

    [Fact]
    public void Excluded_ids_never_come_back()
    {
        Assert.Contains("id 9 is excluded", Compare(Ids, Scores, 0.5, always: [9]).Problem, StringComparison.Ordinal);
        Assert.Contains("id 8 is excluded", Compare(Ids, Scores, 0.5, row: [8]).Problem, StringComparison.Ordinal);
        Assert.True(Compare(Ids, Scores, 0.5, always: [1], row: [2]).Passed);
    }

    [Fact]
    public void Where_both_lists_have_ended_scores_do_not_count()
    {
        var comparison = new TopKComparison(Tolerance, []);
        comparison.Add("row", new RankedList([3, -1], [1, double.NegativeInfinity]), new RankedList([3, -1], [1, 0]), [], () => null);
        Assert.True(comparison.Report(Output()).Passed);
        comparison.Add("row", new RankedList([3, 4], [1, 0]), new RankedList([3, -1], [1, 0]), [], () => null);
        Assert.False(comparison.Report(Output()).Passed);
    }

    private static OutputReport Compare(int[] ids, double[] scores, double? behind, int[]? always = null, int[]? row = null)
    {
        var comparison = new TopKComparison(Tolerance, always ?? []);
        comparison.Add("row", new RankedList(ids, scores), new RankedList(Ids, Scores), row ?? [], () => behind);
        return comparison.Report(Output());
    }

    private static TopKOutput Output() =>
        new("top_k", Tolerance, new RowPick.All(), Ids.Length, "ids", "scores", null, new CaseExclusion.None(), []);
}
