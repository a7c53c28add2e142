using SeqInfer.Bench.Compare;

namespace SeqInfer.Bench.Tests.Compare;

/// <summary>What counts as the same answer.</summary>
public class OutputComparisonTests
{
    [Fact]
    public void Outputs_that_differ_or_are_not_numbers_are_refused()
    {
        Assert.Equal(0.25, OutputComparison.MaxAbsDiff("x", [1000f, 1f], [1000.25f, 1f]));
        Assert.Throws<MismatchException>(() => OutputComparison.MaxAbsDiff("x", [1f, 1f], [1f, 1.01f]));
        Assert.Throws<MismatchException>(() => OutputComparison.MaxAbsDiff("x", [float.NaN], [float.NaN]));
        Assert.Throws<MismatchException>(() => OutputComparison.MaxAbsDiff("x", [1f], [1f, 1f]));
    }

    [Theory]
    [InlineData("fp32", 1.0004f, true)]
    [InlineData("fp32", 1.01f, false)]
    [InlineData("bf16", 1.01f, true)]
    [InlineData("bf16", 1.02f, false)]
    [InlineData("int8", 1.02f, true)]
    [InlineData("int8", 1.05f, false)]
    public void Reduced_weights_may_differ_by_their_rounding(string weights, float value, bool isClose)
    {
        if (isClose)
            Assert.Equal(value - 1, OutputComparison.MaxAbsDiff("x", [value], [1f], weights), 6);
        else
            Assert.Throws<MismatchException>(() => OutputComparison.MaxAbsDiff("x", [value], [1f], weights));
    }

    [Fact]
    public void Items_of_a_top_k_may_change_places_only_where_their_scores_tie()
    {
        OutputComparison.CheckIds("x", [4, 7, 9, 1], [4, 7, 9, 1], [3f, 2f, 5f, 4f], 2);
        OutputComparison.CheckIds("x", [7, 4], [4, 7], [2f, 2f], 2);
        OutputComparison.CheckIds("x", [4, 8], [4, 7], [3f, 2f], 2);
        Assert.Throws<MismatchException>(() => OutputComparison.CheckIds("x", [7, 4], [4, 7], [3f, 2f], 2));
        Assert.Throws<MismatchException>(() => OutputComparison.CheckIds("x", [8, 7], [4, 7], [3f, 2f], 2));
        Assert.Throws<MismatchException>(() => OutputComparison.CheckIds("x", [8], [4, 7], [3f, 2f], 2));
    }
}
