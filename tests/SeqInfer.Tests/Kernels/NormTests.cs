using SeqInfer.Kernels;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels;

/// <summary>Layer norm in both published forms, with and without residual, and L2 normalisation.</summary>
public sealed unsafe class NormTests
{
    private const float Epsilon = 1e-5f;

    public static TheoryData<Isa> AllIsas => KernelsUnderTest.AllIsas;

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Layer_norm_of_every_length_matches_double_precision(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        float[] values = Samples.Normal(256, seed: 8, deviation: 2);
        float[] gammas = Samples.Normal(256, seed: 9);
        float[] betas = Samples.Normal(256, seed: 10);
        foreach (int n in Samples.Lengths.Skip(2))
        {
            foreach (bool atEnd in new[] { true, false })
            {
                using GuardedMemory<float> x = GuardedMemory<float>.Of(values.AsSpan(0, n), atEnd);
                using GuardedMemory<float> gamma = GuardedMemory<float>.Of(gammas.AsSpan(0, n), atEnd);
                using GuardedMemory<float> beta = GuardedMemory<float>.Of(betas.AsSpan(0, n), atEnd);
                using GuardedMemory<float> y = atEnd ? GuardedMemory<float>.AtEnd(n) : GuardedMemory<float>.AtStart(n);
                foreach (bool unbiased in new[] { false, true })
                {
                    kernels.LayerNorm(x.Pointer, n, y.Pointer, n, 1, n, new(gamma.Pointer, beta.Pointer, Epsilon, unbiased));
                    CloseTo(Reference(x.Span, gamma.Span, beta.Span, unbiased), y.Span, $"layer norm, n = {n}, unbiased {unbiased}");
                    kernels.LayerNorm(x.Pointer, n, y.Pointer, n, 1, n, new(null, null, Epsilon, unbiased));
                    CloseTo(Reference(x.Span, [], [], unbiased), y.Span, $"layer norm without parameters, n = {n}");
                    kernels.LayerNorm(x.Pointer, n, y.Pointer, n, 1, n, new(gamma.Pointer, null, Epsilon, unbiased));
                    CloseTo(Reference(x.Span, gamma.Span, [], unbiased), y.Span, $"layer norm without shift, n = {n}");
                }

                y.AssertNothingElseWritten();
            }
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void A_fused_residual_equals_the_sum_normalised(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        foreach (int n in Samples.Lengths.Skip(1))
        {
            float[] x = Samples.Normal(n, seed: n);
            float[] residual = Samples.Normal(n, seed: -n);
            float[] sum = [.. x.Zip(residual, (a, b) => a + b)];
            using GuardedMemory<float> from = GuardedMemory<float>.Of(x, atEnd: true);
            using GuardedMemory<float> add = GuardedMemory<float>.Of(residual, atEnd: true);
            using GuardedMemory<float> y = GuardedMemory<float>.AtEnd(n);
            LayerNormParameters parameters = new(null, null, Epsilon, unbiasedStd: false);
            kernels.LayerNormResidual(from.Pointer, n, add.Pointer, n, from.Pointer, n, y.Pointer, n, 1, n, parameters);
            Tolerance.Exact.Check(sum, from.Span, $"sum left in x, n = {n}");
            double[] expected = Reference(sum, [], [], unbiased: false);
            CloseTo(expected, y.Span, $"normalised sum, n = {n}");

            x.CopyTo(from.Span);
            kernels.LayerNormResidual(from.Pointer, n, add.Pointer, n, y.Pointer, n, y.Pointer, n, 1, n, parameters);
            CloseTo(expected, y.Span, $"normalised sum in one buffer, n = {n}");
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void A_large_mean_does_not_cancel_the_variance(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        float[] x = [.. Enumerable.Range(0, 64).Select(i => 10000f + (i % 4))];
        float[] y = new float[64];
        fixed (float* from = x, to = y) kernels.LayerNorm(from, 64, to, 64, 1, 64, new(null, null, 0f, unbiasedStd: false));
        CloseTo(Reference(x, [], [], unbiased: false, epsilon: 0), y, "layer norm far from 0");
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void L2_normalised_rows_have_unit_length(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        foreach (int n in Samples.Lengths.Skip(1))
        {
            using GuardedMemory<float> x = GuardedMemory<float>.Of(Samples.Normal(n, seed: n), atEnd: n % 2 == 0);
            double norm = Math.Sqrt(x.Span.ToArray().Sum(v => (double)v * v));
            double[] expected = [.. x.Span.ToArray().Select(v => v / norm)];
            kernels.L2Normalize(x.Pointer, n, x.Pointer, n, 1, n, 1e-12f);
            CloseTo(expected, x.Span, $"L2 norm, n = {n}");
            x.AssertNothingElseWritten();
        }

        float[] tiny = [3e-13f, 4e-13f];
        fixed (float* p = tiny) kernels.L2Normalize(p, 2, p, 2, 1, 2, 1e-12f);
        CloseTo([0.3, 0.4], tiny, "a row shorter than epsilon is divided by epsilon");
    }

    // Sums over n enter as one factor for the row, so their error is relative to the row's range
    private static void CloseTo(double[] expected, ReadOnlySpan<float> actual, string what) =>
        Tolerance.Accumulated(expected.Length).Check(expected, actual, what);

    private static double[] Reference(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, bool unbiased, double epsilon = Epsilon)
    {
        int n = x.Length;
        double mean = 0;
        foreach (float value in x) mean += (double)value / n;
        double squares = 0;
        foreach (float value in x) squares += (value - mean) * (value - mean);
        double divisor = unbiased ? Math.Sqrt(squares / (n - 1)) + epsilon : Math.Sqrt(squares / n + epsilon);
        double[] y = new double[n];
        for (int i = 0; i < n; i++)
        {
            y[i] = (x[i] - mean) / divisor * (gamma.IsEmpty ? 1 : gamma[i]) + (beta.IsEmpty ? 0 : beta[i]);
        }

        return y;
    }
}
