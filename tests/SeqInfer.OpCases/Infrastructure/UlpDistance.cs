namespace SeqInfer.Tests.Infrastructure;

/// <summary>Errors in units in the last place of fp32.</summary>
internal static class UlpDistance
{
    /// <summary>
    /// |actual - expected| in ulp of the fp32 number nearest to <paramref name="expected"/>. 0 if both are NaN or the same infinity (a
    /// value that rounds to infinity counts as one); infinite if only one is.
    /// </summary>
    public static double Of(double expected, float actual)
    {
        float nearest = (float)expected;
        if (nearest.Equals(actual)) return float.IsFinite(nearest) ? Math.Abs(expected - actual) / UlpOf(nearest) : 0;
        if (!float.IsFinite(nearest) || !float.IsFinite(actual)) return double.PositiveInfinity;
        return Math.Abs(expected - actual) / UlpOf(nearest);
    }

    /// <summary>The distance from a finite value to the next one away from zero, were the exponent unbounded above.</summary>
    public static double UlpOf(float value) => Math.ScaleB(1, (value == 0 ? -126 : Math.Max(MathF.ILogB(value), -126)) - 23);

    /// <summary>Whether two values are the same bits, any NaN counting as the same.</summary>
    public static bool SameBits(float a, float b) =>
        BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b) || (float.IsNaN(a) && float.IsNaN(b));
}
