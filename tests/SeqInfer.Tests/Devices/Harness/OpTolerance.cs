namespace SeqInfer.Tests.Devices.Harness;

/// <summary>How far a result in single precision may lie from the oracle's: <c>absolute + relative * |expected|</c>.</summary>
/// <param name="Name">What the bound is called, for messages.</param>
/// <param name="Absolute">Part that does not depend on the value.</param>
/// <param name="Relative">Part in proportion to the expected value.</param>
internal readonly record struct OpTolerance(string Name, double Absolute, double Relative)
{
    /// <summary>The distance from 1 to the next float.</summary>
    private const double Epsilon = 1.0 / (1 << 23);

    /// <summary>The float nearest to the oracle's result, bit for bit: operations that round once, or copy.</summary>
    public static OpTolerance Exact { get; } = new("exact", 0, 0);

    /// <summary>
    /// The reference device against goldens, both in double: sums of some hundred terms lose a few of the last bits, two of five thousand.
    /// </summary>
    public static OpTolerance DoublePrecision { get; } = new("double", 1e-12, 1e-12);

    /// <summary>
    /// One elementary function of an argument of moderate size: a few units in the last place of a value up to about 8, since the forms of
    /// GELU and log-softmax cancel and are exact to an absolute error only.
    /// </summary>
    public static OpTolerance Elementary { get; } = new("elementary", 1e-6, 1e-6);

    /// <summary>
    /// A value normalised by a deviation or length that is itself a rounded sum: some ten roundings of quantities not much larger than
    /// the result.
    /// </summary>
    public static OpTolerance Normalized { get; } = new("normalized", 4e-6, 2e-6);

    /// <summary>
    /// A sum of <paramref name="terms"/> terms of at most <paramref name="magnitude"/>: half a unit in the last place of the partial sum for
    /// every step, partial sums of mixed signs staying below the square root of the bound; so the error grows with the number of terms.
    /// </summary>
    public static OpTolerance Accumulated(int terms, double magnitude) => new($"accumulated({terms}, {magnitude})", (terms + 8) * magnitude * Epsilon, Epsilon);

    /// <summary>
    /// Attention: a score is a scaled sum of <paramref name="headSize"/> products of numbers up to 2, its error changes all weights in
    /// proportion, and the result is a weighted mean of <paramref name="keys"/> values up to 2.
    /// </summary>
    public static OpTolerance Attention(int headSize, int keys) =>
        new($"attention({headSize}, {keys})", ((8 * Math.Sqrt(headSize)) + keys + 16) * 2 * Epsilon, Epsilon);

    /// <summary>True when the value counts as the expected one; NaN equals NaN only.</summary>
    public bool Accepts(double expected, double actual)
    {
        if ((float)expected is var rounded && (rounded.Equals((float)actual) || expected.Equals(actual)))
            return true;
        return double.IsFinite(expected) && Math.Abs(expected - actual) <= Absolute + (Relative * Math.Abs(expected));
    }
}
