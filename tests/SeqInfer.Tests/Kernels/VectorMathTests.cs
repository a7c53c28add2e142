using System.Runtime.InteropServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels;

/// <summary>The elementary functions against double precision over the whole float range, at every width.</summary>
public sealed unsafe class VectorMathTests
{
    // A prime, so that the sweep meets all exponents and ever different mantissas
    private const uint Stride = 1021;

    private const int Block = 1 << 13;

    private delegate void Comparison(ReadOnlySpan<float> x, ReadOnlySpan<double> expected, ReadOnlySpan<float> y, string what);

    public static TheoryData<Isa> AllIsas => KernelsUnderTest.AllIsas;

    // 1.01 ulp is the worst of a sweep with stride 31
    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Exp_is_within_1_1_ulp_of_every_float(Isa isa) => Sweep<ExpOp>(isa, Math.Exp, Tolerance.Ulp(1.1));

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Exp_of_non_positive_values_is_within_1_1_ulp(Isa isa) =>
        Sweep<ExpNonPositiveOp>(isa, x => Math.Exp(-Math.Abs(x)), Tolerance.Ulp(1.1));

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Expm1_of_non_positive_values_is_within_1_ulp(Isa isa) =>
        Sweep<Expm1NonPositiveOp>(isa, x => ReferenceMath.Expm1(-Math.Abs(x)), Tolerance.Ulp(1));

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Sigmoid_is_within_2_ulp_of_every_float(Isa isa) =>
        Sweep<Sigmoid>(isa, ReferenceMath.Sigmoid, Tolerance.Ulp(2));

    // 3 ulp is at most 1.8e-7, since tanh is at most 1
    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Tanh_is_within_3_ulp_of_every_float(Isa isa) => Sweep<Tanh>(isa, Math.Tanh, Tolerance.Ulp(3));

    // The reference itself cancels below -6, which 1e-15 allows for.
    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Gelu_is_within_1e_7_of_every_float(Isa isa) => Sweep<Gelu>(isa, ReferenceMath.Gelu, (x, expected, y, what) =>
    {
        for (int i = 0; i < x.Length; i++)
        {
            double bound = x[i] > 0 ? (1.4e-7 * expected[i]) + float.Epsilon : (7e-8 * Math.Min(-x[i], 6)) + float.Epsilon + (1e-15 * Math.Min(-x[i], 10));
            if (float.IsFinite(x[i]) && !(Math.Abs(y[i] - expected[i]) <= bound))
                Assert.Fail($"{what}: gelu({x[i]:R}) is {y[i]:R}, expected {expected[i]:R}");
        }
    });

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Log_is_within_1_ulp_of_every_float(Isa isa) => Sweep<LogOp>(isa, Math.Log, Tolerance.Ulp(1));

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Special_values_are_as_IEEE_says(Isa isa)
    {
        const float inf = float.PositiveInfinity;
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        Maps<ExpOp>(kernels, [-inf, inf, 0f, -0f, 89f, -105f, float.NaN], [0f, inf, 1f, 1f, inf, 0f, float.NaN]);
        Maps<ExpNonPositiveOp>(kernels, [-inf, 0f, -0f, -105f, float.NaN], [0f, 1f, 1f, 0f, float.NaN]);
        Maps<Expm1NonPositiveOp>(kernels, [-inf, -0f, -1e-40f, float.NaN], [-1f, 0f, -1e-40f, float.NaN]);
        Maps<Sigmoid>(kernels, [-inf, inf, 0f, -200f, 200f, float.NaN], [0f, 1f, 0.5f, 0f, 1f, float.NaN]);
        Maps<Tanh>(kernels, [-inf, inf, 0f, -0f, 1e-40f, -20f, 20f, float.NaN], [-1f, 1f, 0f, -0f, 1e-40f, -1f, 1f, float.NaN]);
        Maps<Gelu>(kernels, [-inf, inf, 0f, -20f, 20f, float.NaN], [0f, inf, 0f, 0f, 20f, float.NaN]);
        Maps<LogOp>(kernels, [inf, 1f, 0f, -0f, -1f, -inf, float.NaN], [inf, 0f, -inf, -inf, float.NaN, float.NaN, float.NaN]);
    }

    private static void Maps<TOp>(KernelsUnderTest kernels, float[] x, float[] expected)
        where TOp : struct, IUnaryOp
    {
        float[] y = new float[x.Length];
        fixed (float* from = x, to = y) kernels.Unary<TOp>(from, to, x.Length);
        Tolerance.Exact.Check(expected, y, typeof(TOp).Name);
    }

    private static void Sweep<TOp>(Isa isa, Func<double, double> reference, Tolerance tolerance)
        where TOp : struct, IUnaryOp => Sweep<TOp>(isa, reference, (_, expected, y, what) => tolerance.Check(expected, y, what));

    private static void Sweep<TOp>(Isa isa, Func<double, double> reference, Comparison compare)
        where TOp : struct, IUnaryOp
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        KernelsUnderTest scalar = KernelsUnderTest.For(Isa.Scalar);
        float[] x = new float[Block];
        float[] y = new float[Block];
        float[] narrow = new float[Block];
        double[] expected = new double[Block];
        ulong bits = 0;
        while (bits <= uint.MaxValue)
        {
            int n = 0;
            for (; n < Block && bits <= uint.MaxValue; bits += Stride, n++) x[n] = BitConverter.UInt32BitsToSingle((uint)bits);
            for (int i = 0; i < n; i++) expected[i] = reference(x[i]);
            fixed (float* from = x, to = y, toNarrow = narrow)
            {
                kernels.Unary<TOp>(from, to, n);
                scalar.Unary<TOp>(from, toNarrow, n);
            }

            compare(x.AsSpan(0, n), expected.AsSpan(0, n), y.AsSpan(0, n), $"{typeof(TOp).Name} from {x[0]:R}");
            if (!MemoryMarshal.AsBytes(narrow.AsSpan(0, n)).SequenceEqual(MemoryMarshal.AsBytes(y.AsSpan(0, n))))
            {
                Tolerance.Exact.Check(narrow.AsSpan(0, n), y.AsSpan(0, n), $"{typeof(TOp).Name} from {x[0]:R} against scalar code");
            }
        }
    }
}
