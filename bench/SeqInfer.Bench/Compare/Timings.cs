namespace SeqInfer.Bench.Compare;

/// <summary>What one side took.</summary>
/// <param name="MedianMicroseconds">Median over all samples of all turns.</param>
/// <param name="TailMicroseconds">The 99th percentile (of concurrent callers: the 99.9th).</param>
/// <param name="RoundMedians">Median of each turn, in microseconds: their spread is the noise.</param>
internal sealed record Timings(double MedianMicroseconds, double TailMicroseconds, IReadOnlyList<double> RoundMedians)
{
    /// <summary>Nothing was measured.</summary>
    public static Timings None { get; } = new(double.NaN, double.NaN, []);

    /// <summary>Sorts samples and reads off the numbers.</summary>
    /// <param name="samples">Microseconds; sorted in place.</param>
    /// <param name="rounds">Median of each turn.</param>
    /// <param name="tail">Which quantile the tail is.</param>
    public static Timings From(List<double> samples, IReadOnlyList<double> rounds, double tail = 0.99)
    {
        samples.Sort();
        return new Timings(Quantile(samples, 0.5), Quantile(samples, tail), rounds);
    }

    /// <summary>The value at a quantile of sorted samples, between neighbours in proportion.</summary>
    public static double Quantile(IReadOnlyList<double> sorted, double quantile)
    {
        double place = quantile * (sorted.Count - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
