using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels.Attention;

/// <summary>softmax(scale * q K^T + mask) V against the formula in double, and the promises about masks and row independence.</summary>
public sealed class AttentionTests
{
    private static readonly int[] HeadSizes = [1, 2, 3, 4, 7, 8, 12, 15, 16, 17, 25, 31, 32, 33, 50, 64, 65, 96, 100, 128, 255, 256];

    public static TheoryData<Isa> AllIsas => AttentionUnderTest.AllIsas;

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Equals_the_formula_at_every_length(Isa isa)
    {
        AttentionUnderTest kernel = AttentionUnderTest.For(isa);
        foreach (int length in Samples.Lengths)
            Check(kernel, AttentionCase.Random(Math.Min(length, 1 + (length % 7)), length, HeadSizes[length % HeadSizes.Length], length));
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Equals_the_formula_for_ragged_shapes(Isa isa)
    {
        AttentionUnderTest kernel = AttentionUnderTest.For(isa);
        Random random = new(1);
        for (int i = 0; i < 120; i++)
        {
            int headSize = HeadSizes[random.Next(HeadSizes.Length)];
            int keys = random.Next(70);
            Check(kernel, AttentionCase.Random(random.Next(70), keys, headSize, i, causal: i % 3 != 0, prefix: i % 4 == 0 ? random.Next(40) : 0));
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Equals_the_formula_across_key_tiles(Isa isa)
    {
        AttentionUnderTest kernel = AttentionUnderTest.For(isa);
        Check(kernel, AttentionCase.Random(9, 600, 20, 1));
        Check(kernel, AttentionCase.Random(6, 515, 5, 2, causal: false, prefix: 300));
        Check(kernel, AttentionCase.Random(258, 258, 3, 3));
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Scores_that_keep_growing_lose_nothing(Isa isa)
    {
        // Every key tile brings a new maximum, thousands above the last
        float[] growing = [.. Enumerable.Range(0, 700).Select(j => j * 10f)];
        AttentionCase attention = new() { HeadSize = 1, Query = [1f, -1f], Key = growing, Value = Samples.Normal(700, 1), Causal = false };
        Check(AttentionUnderTest.For(isa), attention);
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Weights_sum_to_one(Isa isa)
    {
        AttentionUnderTest kernel = AttentionUnderTest.For(isa);
        foreach (int keys in new[] { 1, 2, 31, 200, 300 })
        {
            AttentionCase attention = AttentionCase.Random(keys, keys, 6, keys);
            float[] output = kernel.Run(attention with { Value = [.. attention.Value.Select(_ => 3f)] });
            Tolerance.Accumulated(keys).Check(output.Select(_ => 3.0).ToArray(), output, $"{keys} keys");
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Later_keys_do_not_exist_for_earlier_queries(Isa isa)
    {
        AttentionUnderTest kernel = AttentionUnderTest.For(isa);
        foreach (int length in new[] { 1, 5, 16, 33, 130, 255, 256, 257 })
        {
            AttentionCase whole = AttentionCase.Random(length + 6, length + 6, 18, length);
            whole.Key.AsSpan(length * 18).Fill(float.NaN);
            whole.Value.AsSpan(length * 18).Fill(float.NaN);
            float[] early = kernel.Run(whole.Part(0, length, length));
            Tolerance.Exact.Check(early, kernel.Run(whole).AsSpan(0, early.Length), $"{length} rows before six more");
            Assert.DoesNotContain(early, float.IsNaN);
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void A_row_is_the_same_alone_and_in_company(Isa isa)
    {
        AttentionUnderTest kernel = AttentionUnderTest.For(isa);
        foreach (int headSize in new[] { 1, 8, 25, 50, 64, 128 })
        {
            AttentionCase whole = AttentionCase.Random(41, 300, headSize, headSize, prefix: 7);
            float[] output = kernel.Run(whole);
            for (int row = 0; row < 41; row++)
            {
                float[] alone = kernel.Run(whole.Part(row, 1, 300 - 41 + row + 1));
                Tolerance.Exact.Check(output.AsSpan(row * headSize, headSize), alone, $"row {row} of head size {headSize}");
            }
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void A_multiplicity_is_the_row_repeated(Isa isa)
    {
        AttentionUnderTest kernel = AttentionUnderTest.For(isa);
        foreach (int times in new[] { 1, 2, 31, 190 })
        {
            AttentionCase once = AttentionCase.Random(11, 11, 24, times, prefix: 1) with { PrefixMultiplicity = times };
            Check(kernel, once);
            AttentionCase repeated = once with
            {
                PrefixKey = [.. Enumerable.Repeat(once.PrefixKey, times).SelectMany(row => row)],
                PrefixValue = [.. Enumerable.Repeat(once.PrefixValue, times).SelectMany(row => row)],
                PrefixMultiplicity = 1,
            };
            Tolerance.Accumulated(times + 24).Check(kernel.Run(repeated), kernel.Run(once), $"{times} times");
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void A_query_without_keys_gives_zeros(Isa isa)
    {
        AttentionUnderTest kernel = AttentionUnderTest.For(isa);
        Assert.All(kernel.Run(AttentionCase.Random(5, 0, 10, 1)), value => Assert.Equal(0, value));
        float[] output = kernel.Run(AttentionCase.Random(6, 2, 10, 2));
        Assert.All(output[..40], value => Assert.Equal(0, value));
        Assert.DoesNotContain(0f, output[40..]);
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Keys_of_minus_infinite_score_weigh_nothing(Isa isa)
    {
        AttentionUnderTest kernel = AttentionUnderTest.For(isa);
        AttentionCase attention = new() { HeadSize = 1, Query = [1f], Key = [float.NegativeInfinity, 2f], Value = [5f, 7f] };
        Assert.Equal(7f, kernel.Run(attention)[0]);
        Assert.Equal(0f, kernel.Run(attention with { Key = [float.NegativeInfinity, float.NegativeInfinity] })[0]);
        Assert.True(float.IsNaN(kernel.Run(attention with { Key = [float.NaN, 2f] })[0]));
    }

    // A result is a mean of values, which cancel, so errors relate to the values. Scores are of magnitude 1, so the dot product's error
    // enters the weights as it is; the sum over keys adds its own
    private static void Check(AttentionUnderTest kernel, AttentionCase attention) =>
        Tolerance.Accumulated(attention.HeadSize + attention.KeyCount + attention.PrefixCount).Check(
            attention.Reference(), kernel.Run(attention), attention.ToString(),
            attention.Value.Concat(attention.PrefixValue).Select(MathF.Abs).DefaultIfEmpty(1).Max());
}
