using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Devices.Harness;

/// <summary>How far a result in single precision may lie from the oracle's: a named tolerance and the magnitude it relates to.</summary>
/// <param name="Tolerance">Which tolerance.</param>
/// <param name="Range">Magnitude of the numbers that the operation adds up; null: that of the result's row.</param>
internal readonly record struct OpTolerance(Tolerance Tolerance, double? Range = null)
{
    /// <summary>The float nearest to the oracle's result, bit for bit: operations that round once, or copy.</summary>
    public static OpTolerance Exact => new(Tolerance.Exact);

    /// <summary>
    /// One elementary function of an argument up to <paramref name="magnitude"/>: the forms of GELU and log-softmax cancel numbers of that size.
    /// </summary>
    public static OpTolerance Elementary(double magnitude) => new(Tolerance.Close, magnitude);

    /// <summary>
    /// A value divided by a deviation or a length that is itself a rounded sum: some ten roundings of numbers that are up to four times as
    /// large as the deviation.
    /// </summary>
    public static OpTolerance Normalized => new(Tolerance.Close, 4);

    /// <summary>
    /// A sum of <paramref name="terms"/> terms of either sign up to <paramref name="magnitude"/>, whose partial sums grow with the square root.
    /// </summary>
    public static OpTolerance Sum(int terms, double magnitude) => new(Tolerance.Accumulated(terms), magnitude * Math.Sqrt(terms));

    /// <summary>
    /// A sum of few different terms, each of them many times: it grows with their number and not with its root, and so does what an addition
    /// rounds off.
    /// </summary>
    public static OpTolerance Repeated(int terms, double magnitude) => new(Tolerance.Accumulated(terms), magnitude * terms);

    /// <summary>The square root of such a sum: |sqrt a - sqrt b| is at most sqrt |a - b|.</summary>
    public static OpTolerance RootOfSum(int terms, double magnitude) =>
        new(Tolerance.RootOfAccumulated(terms), Math.Sqrt(magnitude * Math.Sqrt(terms)));

    /// <summary>
    /// States rounded to 16-bit integers times a power of two before each product: two devices whose states differ in the last bit now and then
    /// round to neighbours, one of 2^14 to 2^15 steps of the largest magnitude apart, and a later step takes that on.
    /// </summary>
    public static OpTolerance RoundedStates(double magnitude) => new(Tolerance.SixteenBit, magnitude);

    /// <summary>
    /// Attention over values, keys and queries up to 2 with the usual scale: a score is a sum of products up to 4, its error changes the
    /// weights in proportion, and twice that the weighted mean of values up to 2.
    /// </summary>
    public static OpTolerance Attention(int headSize, int keys) => new(Tolerance.Accumulated(headSize + keys), 16);
}
