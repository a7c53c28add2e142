using SeqInfer.Devices;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Kernels.Gemm;

/// <summary>What the storages make of weights and inputs.</summary>
public sealed unsafe class StorageTests
{
    public static TheoryData<Isa> AllIsas => KernelsUnderTest.AllIsas;

    [Fact]
    public void Bfloat16_rounds_to_the_nearest_and_ties_to_even()
    {
        Random random = new(1);
        for (int i = 0; i < 20000; i++)
        {
            float value = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            if (i % 4 == 0) value = BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(value) & unchecked((int)0xFFFF0000)) | 0x8000);
            if (float.IsNaN(value)) continue;
            Assert.Equal((float)StoredValues.BFloat16(value), BFloat16Storage.Round(value));
        }
    }

    [Fact]
    public void Bfloat16_keeps_its_own_values_and_nan()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            float value = BitConverter.Int32BitsToSingle(bits << 16);
            if (float.IsNaN(value))
                Assert.True(float.IsNaN(BFloat16Storage.Round(value)));
            else
                Assert.Equal(bits << 16, BitConverter.SingleToInt32Bits(BFloat16Storage.Round(value)));
        }

        Assert.True(float.IsNaN(BFloat16Storage.Round(BitConverter.Int32BitsToSingle(0x7F800001))));
    }

    [Fact]
    public void Int8_loses_at_most_half_a_step_and_reaches_the_largest_weight()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            float[] weights = Samples.Normal(1 + (seed % 40), seed, Math.ScaleB(1, seed - 100));
            float[] stored = [.. weights];
            float factor = Int8Storage.Round(stored);
            Assert.Equal(127, stored.Max(Math.Abs));
            for (int i = 0; i < weights.Length; i++)
            {
                Assert.Equal(Math.Round(stored[i]), stored[i]);

                // The factor is rounded to single precision itself.
                Assert.InRange(Math.Abs(weights[i] - ((double)stored[i] * factor)), 0, 0.50001 * factor);
            }
        }
    }

    [Fact]
    public void Int8_of_nothing_is_nothing_and_of_what_is_not_finite_nan()
    {
        Assert.Equal(0, Int8Storage.Round(new float[5]));
        float[] tiny = [float.Epsilon, -float.Epsilon];
        Assert.Equal(0, Int8Storage.Round(tiny));
        Assert.Equal(new float[2], tiny);
        Assert.True(float.IsNaN(Int8Storage.Round(new float[] { 1, float.NaN, 2 })));
        Assert.True(float.IsNaN(Int8Storage.Round(new float[] { 1, float.NegativeInfinity, 2 })));
    }

    [Fact]
    public void Integers_keep_sums_within_32_bits_and_take_16_bits_where_they_can()
    {
        for (long depth = 1; depth < 1 << 24; depth = (depth * 5 / 4) + 1)
        {
            long limit = IntegerRows.Limit((int)depth);
            Assert.InRange(depth * 127 * limit, 0, int.MaxValue);
            Assert.True(limit == short.MaxValue || depth * 127 * (limit + 1) > int.MaxValue, $"{limit} for {depth}");
        }

        Assert.Equal(short.MaxValue, IntegerRows.Limit(516));
        Assert.Throws<ArgumentOutOfRangeException>(() => IntegerRows.Limit(1 << 25));
    }

    [Fact]
    public void The_factor_is_the_least_power_of_two_that_reaches_the_magnitude()
    {
        Random random = new(2);
        for (int i = 0; i < 5000; i++)
        {
            int limit = random.Next(1, short.MaxValue + 1);
            double magnitude = i % 2 == 0 ? Math.ScaleB(random.NextDouble(), random.Next(-60, 60)) : limit * Math.ScaleB(1, random.Next(-60, 60));
            double factor = IntegerRows.Factor(magnitude, limit);
            Assert.Equal(1, Math.ScaleB(factor, -Math.ILogB(factor)));
            Assert.True(limit * factor >= magnitude && limit * factor / 2 < magnitude, $"{factor} for {magnitude} and {limit}");
        }

        Assert.True(double.IsNaN(IntegerRows.Factor(double.NaN, 5)));
        Assert.True(double.IsNaN(IntegerRows.Factor(double.PositiveInfinity, 5)));
        Assert.True(float.IsFinite(1 / (float)IntegerRows.Factor(0, 5)));
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void The_largest_integer_sums_do_not_overflow(Isa isa)
    {
        foreach (int depth in new[] { 1, 2, 515, 516, 517, 1033, 5000, 70001 })
        {
            int limit = IntegerRows.Limit(depth);
            foreach (int units in new[] { 1, 33 })
            {
                // Weights of 127 against inputs of the limit, or of either sign so that odd columns of pairs wrap around on the way.
                Check(depth, units, limit, (_, _) => 1);
                Check(depth, units, limit, (_, _) => -1);
                Check(depth, units, limit, (unit, k) => (unit + (k / 2)) % 2 == 0 ? 1 : -1);
            }
        }

        void Check(int depth, int units, int limit, Func<int, int, float> weight)
        {
            float[] weights = [.. Enumerable.Range(0, units * depth).Select(i => weight(i / depth, i % depth))];
            using LinearUnderTest layer = LinearUnderTest.Pack(isa, WeightStorage.Int8, Parameter.FromValues("weight", units, depth, weights), null);
            float[] x = [.. Enumerable.Repeat((float)limit, depth)];
            float[] y = new float[units];
            fixed (float* from = x, to = y) layer.Run(from, depth, 1, new LinearOutput(to, units), default(Identity));
            for (int unit = 0; unit < units; unit++)
            {
                double expected = limit * Enumerable.Range(0, depth).Sum(k => (double)weight(unit, k));

                // The sum, the factor 1/127 and their product are rounded once each.
                Assert.InRange(y[unit], expected - (3e-7 * Math.Abs(expected)), expected + (3e-7 * Math.Abs(expected)));
            }
        }
    }
}
