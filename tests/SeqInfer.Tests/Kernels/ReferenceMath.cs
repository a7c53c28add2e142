namespace SeqInfer.Tests.Kernels;

/// <summary>Elementary functions in double precision, accurate to a few ulp of double: what fp32 results are compared with.</summary>
internal static class ReferenceMath
{
    public static double Sigmoid(double x) => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x));

    /// <summary>e^x - 1 as 2 sinh(x/2) e^(x/2), which does not cancel.</summary>
    public static double Expm1(double x) => x < -40 ? -1 : 2 * Math.Sinh(x / 2) * Math.Exp(x / 2);

    /// <summary>erf by the series 2/sqrt(pi) e^(-x^2) sum of 2^n x^(2n+1) / (2n+1)!!, whose terms are all of one sign.</summary>
    public static double Erf(double x)
    {
        if (double.IsNaN(x)) return x;
        if (Math.Abs(x) > 6) return Math.Sign(x);
        double term = x;
        double sum = x;
        for (int n = 1; Math.Abs(term) > Math.Abs(sum) * 1e-17; n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    public static double Gelu(double x) => 0.5 * x * (1 + Erf(x / Math.Sqrt(2)));

    public static double GeluTanh(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));

    public static double Elu(double x, double alpha) => x > 0 ? x : alpha * Expm1(x);
}
