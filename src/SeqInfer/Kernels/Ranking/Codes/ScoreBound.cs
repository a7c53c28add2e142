namespace SeqInfer.Kernels.Ranking.Codes;

/// <summary>The parts of the bound between a score from codes and the score in single precision; kernels-doc/top-k.md has the proof.</summary>
internal static class ScoreBound
{
    /// <summary>The deepest vectors whose codes' inner product fits 32 bits with room to spare, and for which <see cref="Slack"/> holds.</summary>
    public const int MaxDepth = 8192;

    /// <summary>Vectors longer than this are not coded: the products of two that are not longer stay far from overflow.</summary>
    public const double MaxNorm = 1e18;

    /// <summary>Covers what underflows: below it scores are not told apart.</summary>
    public const double Underflow = 1e-30;

    /// <summary>Covers the roundings of a bound computed in single precision.</summary>
    public const double Inflation = 1 + (1.0 / (1 << 18));

    /// <summary>
    /// Rounding errors of a chain of <paramref name="depth"/> multiply-adds, of the conversion of the codes' product and of its scaling,
    /// relative to the product of the norms.
    /// </summary>
    public static double Slack(int depth) => ((2.0 * depth) + 16) / (1 << 24);

    /// <summary>The smallest float that is not below x, and at least the smallest normal one, so that it times infinity is infinity.</summary>
    public static float Up(double x)
    {
        float rounded = (float)x;
        return Math.Max(rounded < x ? MathF.BitIncrement(rounded) : rounded, SmallestNormal);
    }

    /// <summary>The largest float that is not above x.</summary>
    public static float Down(double x)
    {
        float rounded = (float)x;
        return rounded > x ? MathF.BitDecrement(rounded) : rounded;
    }

    private const float SmallestNormal = 1.17549435e-38f;
}
