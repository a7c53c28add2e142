namespace SeqInfer.Tests.Infrastructure;

/// <summary>The tolerances reject what they should: a comparison that accepts everything would let every other test pass.</summary>
public sealed class ToleranceTests
{
    [Fact]
    public void Ulp_counts_units_of_the_expected_value()
    {
        Assert.Equal(0, UlpDistance.Of(1, 1f));
        Assert.Equal(1, UlpDistance.Of(1, MathF.BitIncrement(1f)), 9);
        Assert.Equal(0.5, UlpDistance.Of(1, MathF.BitDecrement(1f)), 9);
        Assert.Equal(2, UlpDistance.Of(0, 2 * float.Epsilon), 9);
        Assert.Equal(0, UlpDistance.Of(1e39, float.PositiveInfinity));
        Assert.Equal(double.PositiveInfinity, UlpDistance.Of(1, float.NaN));
        Assert.Equal(double.PositiveInfinity, UlpDistance.Of(double.NaN, 1f));
        Assert.Equal(double.PositiveInfinity, UlpDistance.Of(float.MaxValue, float.PositiveInfinity));
    }

    [Fact]
    public void Each_tolerance_accepts_up_to_its_bound_and_rejects_beyond()
    {
        Accepts(Tolerance.Exact, [float.NaN, 0.5f], [float.NaN, 0.5f]);
        Rejects(Tolerance.Exact, [0f], [-0f]);
        Accepts(Tolerance.Ulp(2), [1f], [1f + 2 * MathF.ScaleB(1, -23)]);
        Rejects(Tolerance.Ulp(2), [1f], [1f + 3 * MathF.ScaleB(1, -23)]);
        Accepts(Tolerance.Close, [100f, 0f], [100f, 0.9e-4f]);
        Rejects(Tolerance.Close, [100f, 0f], [100f, 1.1e-4f]);
        Accepts(Tolerance.Accumulated(100), [1f, 0f], [1f, 1.6e-6f]);
        Rejects(Tolerance.Accumulated(100), [1f, 0f], [1f, 1.8e-6f]);
        Rejects(Tolerance.Close, [1f], [float.NaN]);
        Rejects(Tolerance.Accumulated(4), [float.NaN], [1f]);
        Rejects(Tolerance.Close, [1f], [float.PositiveInfinity]);
    }

    [Fact]
    public void Failures_name_the_worst_element()
    {
        var failure = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Tolerance.Close.Check([1f, 1f, 1f], [1.1f, 1.5f, 1f], "row"));
        Assert.Contains("row: element 1 of 3 is 1.5, expected 1", failure.Message, StringComparison.Ordinal);
    }

    private static void Accepts(Tolerance tolerance, float[] expected, float[] actual) => tolerance.Check(expected, actual, "accepted");

    private static void Rejects(Tolerance tolerance, float[] expected, float[] actual) =>
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => tolerance.Check(expected, actual, "rejected"));
}
