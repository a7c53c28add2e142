using SeqInfer.Kernels.Embedding;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Reductions;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels;

/// <summary>The vector members against scalar C#, lane by lane.</summary>
public sealed unsafe class SimdTests
{
    public static TheoryData<Isa> AllIsas => KernelsUnderTest.AllIsas;

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Lanewise_members_equal_scalar_code_on_special_values(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        Unary<NegateOp>(kernels, x => -x);
        Unary<AbsOp>(kernels, Math.Abs);
        Unary<SqrtOp>(kernels, MathF.Sqrt);
        Unary<RoundOp>(kernels, MathF.Round);
        Binary<MinOp>(kernels, (a, b) => a < b ? a : b);
        Binary<MaxOp>(kernels, (a, b) => a > b ? a : b);
        Binary<FmaOp>(kernels, (a, b) => MathF.FusedMultiplyAdd(a, b, a));
        Binary<FnmaOp>(kernels, (a, b) => MathF.FusedMultiplyAdd(-a, b, a));
        Binary<SelectOp>(kernels, (a, b) => a < b ? a : b);
        Binary<CompareOp>(kernels, (a, b) =>
            (a < b ? 1 : 0) + (a <= b ? 2 : 0) + (a > b ? 4 : 0) + (a >= b ? 8 : 0) + (a == b ? 16 : 0) + (float.IsNaN(a) ? 32 : 0));
        Binary<BitsOp>(kernels, (a, b) =>
            BitConverter.Int32BitsToSingle(BitsOp.Expected(BitConverter.SingleToInt32Bits(a), BitConverter.SingleToInt32Bits(b))));
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Byte_products_are_exact_at_the_ends_of_their_ranges(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        Random random = new(1);
        int[] a = [0x7F7F7F7F, 0x7F7F7F7F, 0, .. Enumerable.Range(0, 500).Select(_ => (int)random.NextInt64(int.MinValue, int.MaxValue))];
        int[] b = [0x7F7F7F7F, 0, -1, .. Enumerable.Range(0, 500).Select(_ => (int)random.NextInt64(int.MinValue, int.MaxValue))];
        int[] sums = new int[a.Length];
        fixed (int* x = a, y = b, z = sums) kernels.Binary<ByteProductsOp>((float*)x, (float*)y, (float*)z, a.Length);
        Assert.Equal(a.Zip(b, ByteProductsOp.Expected), sums);
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Integers_survive_the_conversion_both_ways(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        float[] x = [0, 1, -1, 126, -127, 8388607, -8388608, 16777216, -16777216, 1 << 30, -(1 << 30), int.MinValue];
        float[] y = new float[x.Length];
        fixed (float* from = x, to = y) kernels.Unary<Int32RoundTripOp>(from, to, x.Length);
        Assert.Equal(x, y);
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void ScaleByPow2_rounds_once_down_to_the_denormals(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        float[] significands = [0.5f, 0.70710677f, 0.99999994f, 1f, 1.0000001f, 1.4142135f, 1.9999999f, -1.2345678f];
        int[] exponents = [.. Enumerable.Range(-252, 252 + 255)];
        float[] a = [.. exponents.SelectMany(_ => significands)];
        float[] b = [.. exponents.SelectMany(n => significands.Select(_ => (float)n))];
        float[] y = new float[a.Length];
        fixed (float* pa = a, pb = b, to = y) kernels.Binary<ScaleByPow2Op>(pa, pb, to, a.Length);
        Tolerance.Exact.Check([.. a.Zip(b, (x, n) => Math.ScaleB(x, (int)n))], y, "x * 2^n");
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Quotient_is_within_2_ulp_of_its_whole_range_of_denominators(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        float[] numerators = [0, 1, -1, 0.33333334f, 1.1754944e-20f, -1e20f, float.PositiveInfinity, float.NaN];
        float[] denominators = [.. Enumerable.Range(0, 2540).Select(i => MathF.Pow(2, i * 0.05f)).Where(b => b <= 8.5e37f), 1, 2, 8.5e37f, float.NaN];
        float[] a = [.. denominators.SelectMany(_ => numerators)];
        float[] b = [.. denominators.SelectMany(d => numerators.Select(_ => d))];
        float[] y = new float[a.Length];
        fixed (float* pa = a, pb = b, to = y) kernels.Binary<QuotientOp>(pa, pb, to, a.Length);
        Tolerance.Ulp(2).Check([.. a.Zip(b, (n, d) => (double)n / d)], y, "a / b");
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Widening_loads_are_exact_for_every_bit_pattern(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        ushort[] patterns = [.. Enumerable.Range(0, 1 << 16).Select(i => (ushort)i)];
        float[] y = new float[patterns.Length];
        int id = 0;
        fixed (ushort* p = patterns)
        fixed (float* to = y)
        {
            kernels.Gather<F16Rows, Half>((Half*)p, patterns.Length, &id, 1, patterns.Length, 1f, to, patterns.Length);
            Tolerance.Exact.Check([.. patterns.Select(b => (double)(float)BitConverter.UInt16BitsToHalf(b))], y, "half");
            kernels.Gather<Bf16Rows, ushort>(p, patterns.Length, &id, 1, patterns.Length, 1f, to, patterns.Length);
            Tolerance.Exact.Check([.. patterns.Select(b => (double)BitConverter.Int32BitsToSingle(b << 16))], y, "bfloat16");
        }

        Assert.Equal(Enumerable.Range(-128, 256).Select(i => (float)i), kernels.Run<LoadAllBytes, float[]>(default));
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Partial_loads_and_stores_touch_their_elements_only(Isa isa) =>
        KernelsUnderTest.For(isa).Run<PartialAccess, object>(default);

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Masks_and_horizontal_members_see_every_lane(Isa isa) => KernelsUnderTest.For(isa).Run<Horizontal, object>(default);

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Reductions_of_every_length_match_double_precision(Isa isa)
    {
        KernelsUnderTest kernels = KernelsUnderTest.For(isa);
        float[] values = Samples.Normal(256, seed: 6);
        foreach (int n in Samples.Lengths)
        {
            foreach (bool atEnd in new[] { true, false })
            {
                using GuardedMemory<float> x = GuardedMemory<float>.Of(values.AsSpan(0, n), atEnd);
                double[] row = [.. values.Take(n).Select(v => (double)v)];
                double magnitude = row.Sum(Math.Abs);
                Tolerance.Accumulated(n).Check([row.Sum()], [kernels.Reduce<Sum>(x.Pointer, n)], $"sum, n = {n}", magnitude);
                Tolerance.Accumulated(n).Check(
                    row.Sum(v => (v - 0.25) * (v - 0.25)),
                    kernels.Reduce(x.Pointer, n, new SumOfSquares(0.25f)),
                    $"sum of squares, n = {n}");
                double max = row.DefaultIfEmpty(double.NegativeInfinity).Max();
                Tolerance.Exact.Check(max, kernels.Reduce<Maximum>(x.Pointer, n), $"maximum, n = {n}");
            }
        }
    }

    private static void Unary<TOp>(KernelsUnderTest kernels, Func<float, float> expected)
        where TOp : struct, IUnaryOp
    {
        float[] x = Samples.Special;
        float[] y = new float[x.Length];
        fixed (float* from = x, to = y) kernels.Unary<TOp>(from, to, x.Length);
        Tolerance.Exact.Check([.. x.Select(expected)], y, typeof(TOp).Name);
    }

    private static void Binary<TOp>(KernelsUnderTest kernels, Func<float, float, float> expected)
        where TOp : struct, IBinaryOp
    {
        float[] a = [.. Samples.Special.SelectMany(_ => Samples.Special)];
        float[] b = [.. Samples.Special.SelectMany(v => Samples.Special.Select(_ => v))];
        float[] y = new float[a.Length];
        fixed (float* pa = a, pb = b, to = y) kernels.Binary<TOp>(pa, pb, to, a.Length);
        float[] wanted = [.. a.Zip(b, expected)];
        Tolerance.Exact.Check(wanted, y, typeof(TOp).Name);
    }

    private readonly struct LoadAllBytes : IIsaVisitor<float[]>
    {
        public float[] Visit<V>()
            where V : unmanaged, ISimd<V>
        {
            float[] y = new float[256];
            sbyte* bytes = stackalloc sbyte[256];
            for (int i = 0; i < 256; i++) bytes[i] = (sbyte)(i - 128);
            fixed (float* to = y)
            {
                for (int i = 0; i < 256; i += V.Width) V.LoadInt8(bytes + i).Store(to + i);
            }

            return y;
        }
    }

    private readonly struct PartialAccess : IIsaVisitor<object>
    {
        public object Visit<V>()
            where V : unmanaged, ISimd<V>
        {
            for (int count = 0; count <= V.Width; count++)
            {
                foreach (bool atEnd in new[] { true, false })
                {
                    float[] lanes = [.. Enumerable.Range(0, V.Width).Select(i => i < count ? i + 1f : 0f)];
                    using GuardedMemory<float> single = GuardedMemory<float>.Of(lanes.AsSpan(0, count), atEnd);
                    Check(V.LoadPartial(single.Pointer, count), lanes);
                    using GuardedMemory<ushort> bf16 = GuardedMemory<ushort>.Of(
                        [.. lanes.Take(count).Select(v => (ushort)(BitConverter.SingleToInt32Bits(v) >> 16))], atEnd);
                    Check(V.LoadBf16Partial(bf16.Pointer, count), lanes);
                    using GuardedMemory<Half> f16 = GuardedMemory<Half>.Of([.. lanes.Take(count).Select(v => (Half)v)], atEnd);
                    Check(V.LoadF16Partial(f16.Pointer, count), lanes);
                    using GuardedMemory<sbyte> int8 = GuardedMemory<sbyte>.Of([.. lanes.Take(count).Select(v => (sbyte)v)], atEnd);
                    Check(V.LoadInt8Partial(int8.Pointer, count), lanes);

                    using GuardedMemory<float> target = atEnd ? GuardedMemory<float>.AtEnd(count) : GuardedMemory<float>.AtStart(count);
                    V.Broadcast(7f).StorePartial(target.Pointer, count);
                    Assert.All(target.Span.ToArray(), v => Assert.Equal(7f, v));
                    target.AssertNothingElseWritten();
                }
            }

            return this;
        }

        private static void Check<V>(V actual, float[] expected)
            where V : unmanaged, ISimd<V>
        {
            float[] lanes = new float[V.Width];
            fixed (float* to = lanes) actual.Store(to);
            Assert.Equal(expected, lanes);
        }
    }

    private readonly struct Horizontal : IIsaVisitor<object>
    {
        public object Visit<V>()
            where V : unmanaged, ISimd<V>
        {
            Assert.False(V.Any(V.Zero));
            for (int lane = 0; lane < V.Width; lane++)
            {
                V before = V.FirstLanes(lane);
                V only = V.FirstLanes(lane + 1) ^ before;
                Assert.Equal((1u << lane) - 1, V.MoveMask(before));
                Assert.Equal(1u << lane, V.MoveMask(only));
                Assert.True(V.Any(only));
                Assert.Equal(lane > 0, V.Any(before));
                Assert.Equal(3f, V.MaxElement(V.Select(only, V.Broadcast(3f), V.Broadcast(-2f))));
                Assert.Equal(-3f, V.MinElement(V.Select(only, V.Broadcast(-3f), V.Broadcast(2f))));
                Assert.Equal(3f, V.Sum(only & V.Broadcast(3f)));
            }

            // Halving order: lanes i and i + Width/2 meet first, so a large pair that cancels there loses nothing
            float* lanes = stackalloc float[V.Width];
            for (int i = 0; i < V.Width; i++) lanes[i] = i == 0 ? 1e8f : i == V.Width / 2 ? -1e8f : 1f;
            if (V.Width > 1) Assert.Equal(V.Width - 2, V.Sum(V.Load(lanes)));

            // Four at once: each as alone
            float* four = stackalloc float[4];
            V[] vectors = [V.Load(lanes), V.Load(lanes) * V.Broadcast(-3f), V.Load(lanes) + V.Broadcast(0.7f), V.FirstLanes(1) & V.Broadcast(2f)];
            V.SumFour(vectors[0], vectors[1], vectors[2], vectors[3], four);
            for (int i = 0; i < 4; i++) Assert.Equal(V.Sum(vectors[i]), four[i]);
            V.MaxFour(vectors[0], vectors[1], vectors[2], vectors[3], four);
            for (int i = 0; i < 4; i++) Assert.Equal(V.MaxElement(vectors[i]), four[i]);
            return this;
        }
    }
}
