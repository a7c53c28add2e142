using SeqInfer.Cli.Verification;

namespace SeqInfer.Tests.Verification;

public sealed class ComparisonTests
{
    private static readonly ValuesOutput Output = new("o", 0.5, new RowPick.All(), "e", null);

    [Theory]
    [InlineData(1, 1.5, true, 0.5)]
    [InlineData(1, 1.51, false, 0.51)]
    [InlineData(double.NaN, double.NaN, true, 0)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, true, 0)]
    [InlineData(double.PositiveInfinity, double.NegativeInfinity, false, double.NaN)]
    [InlineData(double.NaN, 1, false, double.NaN)]
    [InlineData(1, double.NaN, false, double.NaN)]
    [InlineData(1, double.PositiveInfinity, false, double.NaN)]
    [InlineData(0.0, -0.0, true, 0)]
    public void Two_numbers(double actual, double expected, bool passes, double error)
    {
        var comparison = new Comparison(0.5);
        comparison.Add(actual, expected, () => "here");
        OutputReport report = comparison.Report(Output);
        Assert.Equal(passes, report.Passed);
        Assert.Equal(error, report.MaxAbsError, 1e-12);
        if (!passes)
            Assert.StartsWith("here: expected ", report.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_good_number_does_not_make_a_bad_one_good()
    {
        var comparison = new Comparison(0.5);
        comparison.Add(double.NaN, 1, () => "first");
        comparison.Add(1, 1, () => "second");
        Assert.True(double.IsNaN(comparison.MaxAbsError));
        Assert.StartsWith("first", comparison.Problem, StringComparison.Ordinal);
    }
}
