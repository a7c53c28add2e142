namespace SeqInfer.Devices.Reference;

/// <summary>The functions that <see cref="Math"/> lacks or spells otherwise, in double precision, from their textbook definitions.</summary>
internal static class DoubleMath
{
    // Below, the series has few terms and no cancellation; above, the continued fraction converges quickly.
    private const double SeriesLimit = 2;

    // More than either needs to settle to the last bit on its side of the limit.
    private const int TermCount = 200;

    /// <summary>The error function; absolute error below 1e-15.</summary>
    public static double Erf(double x) => Math.Abs(x) < SeriesLimit ? ErfSeries(x) : 1 - Erfc(x);

    /// <summary>1 - erf(x), without the cancellation for large x; absolute error below 1e-15.</summary>
    public static double Erfc(double x)
    {
        if (double.IsNaN(x))
            return double.NaN;
        if (Math.Abs(x) < SeriesLimit)
            return 1 - ErfSeries(x);
        return x > 0 ? ErfcFraction(x) : 2 - ErfcFraction(-x);
    }

    /// <summary>1 / (1 + exp(-x)).</summary>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>The cumulative distribution function of the standard normal distribution.</summary>
    public static double Phi(double x) => 0.5 * Erfc(-x / Math.Sqrt(2));

    // DLMF 7.6.2: erf(x) = 2 / sqrt(pi) * exp(-x^2) * sum over n of 2^n x^(2n+1) / (1 * 3 * ... * (2n+1)).
    private static double ErfSeries(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 1; n <= TermCount; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    // DLMF 7.9.1: erfc(x) = exp(-x^2) / sqrt(pi) * 1 / (x + (1/2) / (x + (2/2) / (x + (3/2) / (x + ...)))).
    private static double ErfcFraction(double x)
    {
        double denominator = x;
        for (int n = TermCount; n >= 1; n--)
            denominator = x + (n / 2.0 / denominator);
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / denominator;
    }
}
