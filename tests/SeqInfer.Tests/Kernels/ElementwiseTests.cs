using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels;

/// <summary>Activations and binary ops: values, tails, strides and in-place use.</summary>
public sealed unsafe class ElementwiseTests
{
    public static TheoryData<Isa> AllIsas => KernelsUnderTest.AllIsas;

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Activations_that_select_or_scale_are_exact(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        Follows<Identity>(kernels, x => x, Tolerance.Exact);
        Follows<Relu>(kernels, x => x > 0 || double.IsNaN(x) ? x : x == 0 ? x : 0, Tolerance.Exact);
        Follows(kernels, x => x > 0 ? x : (float)(0.2f * x), Tolerance.Exact, new LeakyRelu(0.2f));
    }

    // Between sigmoid's or tanh's own bound and one or two more roundings
    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Smooth_activations_are_within_4_ulp(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        Follows<Sigmoid>(kernels, ReferenceMath.Sigmoid, Tolerance.Ulp(4));
        Follows<Tanh>(kernels, Math.Tanh, Tolerance.Ulp(4));
        Follows(kernels, x => ReferenceMath.Elu(x, 0.7f), Tolerance.Ulp(4), new Elu(0.7f));

        // Without the special values: where sigmoid underflows, x times it keeps few digits
        Follows<Silu>(kernels, x => x * ReferenceMath.Sigmoid(x), Tolerance.Ulp(4), withSpecial: false);
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Products_with_sigmoid_and_erf_have_their_limits(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        float[] x = [float.PositiveInfinity, 200f, -200f, 0f, float.NaN];
        float[] expected = [float.PositiveInfinity, 200f, 0f, 0f, float.NaN];
        float[] y = new float[x.Length];
        fixed (float* from = x, to = y)
        {
            kernels.Unary<Silu>(from, to, x.Length);
            Assert.Equal(expected, y);
            kernels.Unary<Gelu>(from, to, x.Length);
            Assert.Equal(expected, y);
            kernels.Unary<GeluTanh>(from, to, x.Length);
            Assert.Equal(expected, y);
        }
    }

    // Below 0 the result is a small part of x, to which the error relates; a few half ulps of the largest |x|
    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Gelu_is_close(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        Property.Check(Samples.Arrays(300, 8), x =>
        {
            float[] exact = new float[x.Length];
            float[] tanh = new float[x.Length];
            fixed (float* from = x, toExact = exact, toTanh = tanh)
            {
                kernels.Unary<Gelu>(from, toExact, x.Length);
                kernels.Unary<GeluTanh>(from, toTanh, x.Length);
            }

            double range = x.Select(v => (double)Math.Abs(v)).DefaultIfEmpty().Max();
            Tolerance.Close.Check([.. x.Select(v => ReferenceMath.Gelu(v))], exact, "gelu", range);
            Tolerance.Close.Check([.. x.Select(v => ReferenceMath.GeluTanh(v))], tanh, "gelu_tanh", range);
        });
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Binary_ops_are_exact(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        Follows<Add>(kernels, (a, b) => a + b);
        Follows<Subtract>(kernels, (a, b) => a - b);
        Follows<Multiply>(kernels, (a, b) => a * b);
        Follows<Divide>(kernels, (a, b) => a / b);
        Follows<PRelu>(kernels, (a, b) => a > 0 ? a : b * a);
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Every_length_stays_inside_its_pages_and_gives_each_element_the_same_bits(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        float[] values = Samples.Normal(256, seed: 1, deviation: 3);
        float[] others = Samples.Normal(256, seed: 2, deviation: 3);
        float[] gelu = new float[256];
        float[] sums = new float[256];
        fixed (float* x = values, y = gelu) kernels.Unary<Gelu>(x, y, 256);
        for (int i = 0; i < 256; i++) sums[i] = values[i] + others[i];

        foreach (int n in Samples.Lengths)
        {
            foreach (bool atEnd in new[] { true, false })
            {
                using GuardedMemory<float> a = GuardedMemory<float>.Of(values.AsSpan(0, n), atEnd);
                using GuardedMemory<float> b = GuardedMemory<float>.Of(others.AsSpan(0, n), atEnd);
                using GuardedMemory<float> y = atEnd ? GuardedMemory<float>.AtEnd(n) : GuardedMemory<float>.AtStart(n);
                kernels.Binary<Add>(a.Pointer, b.Pointer, y.Pointer, n);
                Tolerance.Exact.Check(sums.AsSpan(0, n), y.Span, $"add, n = {n}");
                kernels.Unary<Gelu>(a.Pointer, y.Pointer, n);
                Tolerance.Exact.Check(gelu.AsSpan(0, n), y.Span, $"gelu, n = {n}");
                kernels.Unary<Gelu>(a.Pointer, a.Pointer, n);
                Tolerance.Exact.Check(gelu.AsSpan(0, n), a.Span, $"gelu in place, n = {n}");
                y.AssertNothingElseWritten();
                a.AssertNothingElseWritten();
            }
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Strides_leave_the_gaps_between_rows_alone(Isa isa)
    {
        const int rows = 5;
        const int columns = 19;
        const int stride = 24;
        const int size = rows * stride - (stride - columns);
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        using GuardedMemory<float> a = GuardedMemory<float>.Of(Samples.Normal(size, seed: 3), atEnd: true);
        using GuardedMemory<float> b = GuardedMemory<float>.Of(Samples.Normal(size, seed: 4), atEnd: true);
        using GuardedMemory<float> shift = GuardedMemory<float>.Of(Samples.Normal(columns, seed: 5), atEnd: true);
        using GuardedMemory<float> y = GuardedMemory<float>.AtEnd(size);

        kernels.BinaryRows<Subtract>(Next(), stride, b.Pointer, stride, y.Pointer, stride, rows, columns);
        Check("rows", (r, c) => A(r, c) - b.Span[r * stride + c]);
        kernels.BinaryRows<Subtract>(Next(), stride, b.Pointer, 0, y.Pointer, stride, rows, columns);
        Check("one row for all", (r, c) => A(r, c) - b.Span[c]);
        kernels.BinaryColumn<Subtract>(Next(), stride, b.Pointer, y.Pointer, stride, rows, columns);
        Check("one value a row", (r, c) => A(r, c) - b.Span[r]);
        kernels.ScaleShiftRows(Next(), stride, b.Pointer, shift.Pointer, y.Pointer, stride, rows, columns);
        Check("scale and shift", (r, c) => MathF.FusedMultiplyAdd(A(r, c), b.Span[c], shift.Span[c]));
        kernels.UnaryRows<Relu>(Next(), stride, y.Pointer, stride, rows, columns);
        Check("unary", (r, c) => Math.Max(0, A(r, c)));

        float A(int row, int column) => a.Span[row * stride + column];

        float* Next()
        {
            y.Span.Fill(float.MaxValue);
            return a.Pointer;
        }

        void Check(string what, Func<int, int, float> expected)
        {
            float[] wanted = new float[size];
            for (int i = 0; i < size; i++) wanted[i] = i % stride < columns ? expected(i / stride, i % stride) : float.MaxValue;
            Tolerance.Exact.Check(wanted, y.Span, what);
        }
    }

    private static void Follows<TOp>(
        KernelsUnderTest kernels, Func<double, double> reference, Tolerance tolerance, TOp op = default, bool withSpecial = true)
        where TOp : struct, IUnaryOp =>
        Property.Check(Samples.Arrays(300, 20, withSpecial), x =>
        {
            float[] y = new float[x.Length];
            fixed (float* from = x, to = y) kernels.Unary(from, to, x.Length, op);
            tolerance.Check([.. x.Select(v => reference(v))], y, typeof(TOp).Name);
        });

    private static void Follows<TOp>(KernelsUnderTest kernels, Func<float, float, float> reference)
        where TOp : struct, IBinaryOp =>
        Property.Check(Samples.Arrays(300, 20, withSpecial: true), a =>
        {
            float[] b = [.. a.Reverse()];
            float[] y = new float[a.Length];
            fixed (float* pa = a, pb = b, to = y) kernels.Binary<TOp>(pa, pb, to, a.Length);
            Tolerance.Exact.Check([.. a.Zip(b, (p, q) => (double)reference(p, q))], y, typeof(TOp).Name);
        });
}
