using System.Globalization;

namespace SeqInfer.Tests.Infrastructure;

/// <summary>How far fp32 results may lie from a reference. A test names one of these, with its reason, and nothing looser.</summary>
internal readonly struct Tolerance
{
    private const double HalfUlpOfOne = 1.0 / (1 << 24);

    private readonly Func<double, float, double, double> _excess;

    private Tolerance(string name, Func<double, float, double, double> excess)
    {
        Name = name;
        _excess = excess;
    }

    /// <summary>The same bits; NaN equals NaN. For copies, selections and claims of determinism.</summary>
    public static Tolerance Exact => new(
        "Exact", (expected, actual, _) => UlpDistance.SameBits((float)expected, actual) ? 0 : double.PositiveInfinity);

    /// <summary>1e-6 of the row's range. For short chains of fp32 operations whose terms are no larger than the row's values.</summary>
    public static Tolerance Close => Relative("Close", 1e-6);

    /// <summary>2^-14 of the range. For what is computed from numbers rounded to 16-bit integers, which may fall to either side.</summary>
    public static Tolerance SixteenBit => Relative("SixteenBit", 1.0 / (1 << 14));

    /// <summary>The name as failures print it.</summary>
    public string Name { get; }

    /// <summary>At most n units in the last place, denormals and overflow included. For elementary functions.</summary>
    public static Tolerance Ulp(double n) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Ulp({n})"), (expected, actual, _) => UlpDistance.Of(expected, actual) / n);

    /// <summary>
    /// (8 + 2 sqrt k) half ulps of the row's range: what k fp32 additions lose when their errors are independent, with slack for the
    /// products. For dot products and sums; pass the sum of the terms' magnitudes as range where terms cancel.
    /// </summary>
    public static Tolerance Accumulated(int k) => Relative($"Accumulated({k})", (8 + 2 * Math.Sqrt(k)) * HalfUlpOfOne);

    /// <summary>
    /// The root of <see cref="Accumulated"/>: what a square root makes of such an error near 0, where its slope has no bound. Pass the root of
    /// the sum's range.
    /// </summary>
    public static Tolerance RootOfAccumulated(int k) =>
        Relative($"RootOfAccumulated({k})", Math.Sqrt((8 + 2 * Math.Sqrt(k)) * HalfUlpOfOne));

    /// <summary>Compares a row with its reference and reports the worst element.</summary>
    /// <param name="expected">Reference values.</param>
    /// <param name="actual">Results.</param>
    /// <param name="what">What was computed, for the message.</param>
    /// <param name="range">The magnitude errors relate to; the largest finite |expected| if not given.</param>
    public void Check(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, string what, double? range = null)
    {
        Assert.Equal(expected.Length, actual.Length);
        (int worst, double share) = Worst(expected, actual, range);
        if (share <= 1) return;
        Assert.Fail(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: element {worst} of {expected.Length} is {actual[worst]:R}, expected {expected[worst]:R}; "
            + $"{share:G3} times the tolerance {Name}, {UlpDistance.Of(expected[worst], actual[worst]):G3} ulp."));
    }

    /// <summary>The largest error of a row in parts of what is allowed: 1 is the most that passes.</summary>
    /// <inheritdoc cref="Check(ReadOnlySpan{double}, ReadOnlySpan{float}, string, double?)"/>
    public double Share(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double? range = null) => Worst(expected, actual, range).Share;

    /// <inheritdoc cref="Check(ReadOnlySpan{double}, ReadOnlySpan{float}, string, double?)"/>
    public void Check(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what, double? range = null)
    {
        double[] widened = new double[expected.Length];
        for (int i = 0; i < widened.Length; i++) widened[i] = expected[i];
        Check(widened, actual, what, range);
    }

    /// <summary>Compares one value with its reference.</summary>
    public void Check(double expected, float actual, string what) => Check([expected], [actual], what);

    private (int Index, double Share) Worst(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double? range)
    {
        double scale = range ?? RangeOf(expected);
        (int Index, double Share) worst = (-1, 0);
        for (int i = 0; i < expected.Length; i++)
        {
            double share = _excess(expected[i], actual[i], scale);
            if (share > worst.Share)
                worst = (i, share);
        }

        return worst;
    }

    private static Tolerance Relative(string name, double factor) => new(name, (expected, actual, range) =>
    {
        if (((float)expected).Equals(actual)) return 0;
        double error = Math.Abs(expected - actual);
        if (!double.IsFinite(error)) return double.PositiveInfinity;
        return error == 0 ? 0 : error / (factor * range);
    });

    private static double RangeOf(ReadOnlySpan<double> values)
    {
        double range = 0;
        foreach (double value in values)
        {
            if (double.IsFinite(value)) range = Math.Max(range, Math.Abs(value));
        }

        return range;
    }
}
