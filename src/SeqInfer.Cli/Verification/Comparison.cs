namespace SeqInfer.Cli.Verification;

/// <summary>Compares numbers within an absolute tolerance and remembers the largest difference and the first that is too large.</summary>
/// <remarks>
/// Equal infinities and two NaNs are equal. NaN or infinity on one side only is never within any tolerance, and makes
/// <see cref="MaxAbsError"/> NaN.
/// </remarks>
internal sealed class Comparison(double tolerance)
{
    public double MaxAbsError { get; private set; }

    /// <summary>The first thing that is wrong, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Compares two numbers.</summary>
    /// <param name="actual">Ours.</param>
    /// <param name="expected">The reference's.</param>
    /// <param name="place">Names the place, for a message.</param>
    public void Add(double actual, double expected, Func<string> place)
    {
        double error = Error(actual, expected);
        MaxAbsError = Math.Max(MaxAbsError, error);
        if (!(error <= tolerance))
            Fail($"{place()}: expected {expected:R}, got {actual:R}");
    }

    /// <summary>Notes a problem; the first one stays.</summary>
    public void Fail(string problem) => Problem ??= problem;

    public OutputReport Report(CaseOutput output) => new(output.Output, output.Label, MaxAbsError, tolerance, Problem);

    // Math.Max keeps NaN.
    private static double Error(double actual, double expected) =>
        actual.Equals(expected) ? 0 : double.IsFinite(actual) && double.IsFinite(expected) ? Math.Abs(actual - expected) : double.NaN;
}
