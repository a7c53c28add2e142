using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels;

/// <summary>Softmax and log-softmax over rows.</summary>
public sealed unsafe class SoftmaxTests
{
    private const float Inf = float.PositiveInfinity;

    public static TheoryData<Isa> AllIsas => KernelsUnderTest.AllIsas;

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Random_rows_match_double_precision(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        Property.Check(Samples.Arrays(400, 30), x =>
        {
            if (x.Length == 0) return;
            float[] y = new float[x.Length];
            float[] log = new float[x.Length];
            fixed (float* from = x, to = y, toLog = log)
            {
                kernels.Softmax(from, x.Length, to, x.Length, 1, x.Length);
                kernels.LogSoftmax(from, x.Length, toLog, x.Length, 1, x.Length);
            }

            // x - max is rounded at the size of the inputs before e^ turns that into a relative error: 60 half ulps at most
            double max = x.Max();
            double sum = x.Sum(v => Math.Exp(v - max));
            Tolerance.Accumulated(x.Length).Check([.. x.Select(v => Math.Exp(v - max) / sum)], y, "softmax");
            Tolerance.Close.Check([.. x.Select(v => v - max - Math.Log(sum))], log, "log-softmax", range: 60);
        });
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Every_length_stays_inside_its_pages_in_place_and_apart(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        float[] values = Samples.Normal(256, seed: 7, deviation: 4);
        foreach (int n in Samples.Lengths)
        {
            foreach (bool atEnd in new[] { true, false })
            {
                using GuardedMemory<float> x = GuardedMemory<float>.Of(values.AsSpan(0, n), atEnd);
                using GuardedMemory<float> y = atEnd ? GuardedMemory<float>.AtEnd(n) : GuardedMemory<float>.AtStart(n);
                kernels.Softmax(x.Pointer, n, y.Pointer, n, 1, n);
                if (n > 0) Tolerance.Accumulated(n).Check(1, y.Span.ToArray().Sum(v => v), $"sum of softmax, n = {n}");
                kernels.LogSoftmax(x.Pointer, n, y.Pointer, n, 1, n);
                y.AssertNothingElseWritten();

                using GuardedMemory<float> inPlace = GuardedMemory<float>.Of(values.AsSpan(0, n), atEnd);
                kernels.LogSoftmax(inPlace.Pointer, n, inPlace.Pointer, n, 1, n);
                Tolerance.Exact.Check(y.Span, inPlace.Span, $"log-softmax in place, n = {n}");
                kernels.Softmax(x.Pointer, n, y.Pointer, n, 1, n);
                kernels.Softmax(x.Pointer, n, x.Pointer, n, 1, n);
                Tolerance.Exact.Check(y.Span, x.Span, $"softmax in place, n = {n}");
                x.AssertNothingElseWritten();
            }
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Masked_and_undefined_rows_are_what_the_docs_say(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        foreach (int n in new[] { 1, 2, 5, 16, 17, 70 })
        {
            Assert.All(Softmax(kernels, n, -Inf), v => Assert.Equal(0f, v));
            Assert.All(Softmax(kernels, n, -Inf, log: true), v => Assert.Equal(-Inf, v));
            Assert.All(Softmax(kernels, n, float.NaN), v => Assert.Equal(float.NaN, v));
            Assert.All(Softmax(kernels, n, Inf), v => Assert.Equal(float.NaN, v));
            for (int at = 0; at < n; at++)
            {
                Assert.All(Softmax(kernels, n, -Inf, at, float.NaN), v => Assert.Equal(float.NaN, v));
                Assert.All(Softmax(kernels, n, 1f, at, float.NaN, log: true), v => Assert.Equal(float.NaN, v));
                float[] oneLeft = Softmax(kernels, n, -Inf, at, 3f);
                Assert.Equal(1f, oneLeft[at]);
                Assert.Equal(1f, oneLeft.Sum());
            }
        }
    }

    private static float[] Softmax(KernelsUnderTest kernels, int n, float fill, int at = 0, float? value = null, bool log = false)
    {
        float[] x = new float[n];
        Array.Fill(x, fill);
        x[at] = value ?? fill;
        fixed (float* p = x)
        {
            if (log) kernels.LogSoftmax(p, n, p, n, 1, n);
            else kernels.Softmax(p, n, p, n, 1, n);
        }

        return x;
    }
}
