using SeqInfer.Devices;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels.Ranking;

/// <summary>
/// The first pass over codes against a full sort of all scores: the same ids in the same order, the same bits, whatever the values. Each
/// case runs over codes alone and with full passes over stretches in between.
/// </summary>
public sealed class CodedTopKTests
{
    private static readonly Similarity[] Similarities = [Similarity.Dot, Similarity.NegL2Squared];

    public static TheoryData<Isa> AllIsas => RankingUnderTest.AllIsas;

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Equals_a_full_sort(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        Random random = new(1);
        for (int i = 0; i < 200; i++)
        {
            int items = random.Next(1, 400);
            RankingCase ranking = RankingCase.Random(items, random.Next(1, 70), random.Next(1, 10), i);
            if (i % 2 == 0) ranking = ranking with { Bias = Samples.Normal(items, i) };
            else if (i % 3 == 0) ranking = ranking with { Similarity = Similarity.NegL2Squared };
            if (i % 4 < 2) ranking = ranking with { Exclusions = ranking.RandomExclusions(items, i) };
            if (i % 5 < 2) ranking = ranking with { ExcludedIds = [0, random.Next(items), items - 1] };
            Check(kernel, ranking, random.Next(1, items + 5));
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Equals_a_full_sort_for_thousands(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        foreach (int depth in new[] { 3, 32 })
        {
            foreach (Similarity similarity in Similarities)
            {
                RankingCase ranking = RankingCase.Random(9001, depth, 5, depth) with { Similarity = similarity };
                foreach (int k in new[] { 1, 10, 33, 1000, 9500 }) Check(kernel, ranking, k);
                Check(kernel, ranking with { Exclusions = ranking.RandomExclusions(6000, 1) }, 20);
            }
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Equals_a_full_sort_whatever_the_range_of_the_values(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        foreach (double range in new[] { 1e-44, 1e-38, 1e-30, 1e-20, 1e-12, 1e9, 1e17, 1e19, 1e30, 1e38 })
        {
            foreach (Similarity similarity in Similarities)
            {
                RankingCase ranking = RankingCase.Random(500, 19, 3, 1) with { Similarity = similarity };
                Check(kernel, ranking with { Items = Scaled(ranking.Items, _ => range) }, 10);
                Check(kernel, ranking with { Queries = Scaled(ranking.Queries, _ => range) }, 10);
                Check(kernel, ranking with { Items = Scaled(ranking.Items, i => i % 7 == 0 ? range : 1) }, 10);
                Check(kernel, ranking with { Items = Scaled(ranking.Items, i => i / 19 % 11 == 0 ? range : 1) }, 10);
                Check(kernel, ranking with { Queries = Scaled(ranking.Queries, i => i % 5 == 0 ? range : 1) }, 10);
            }
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Scores_a_rounding_apart_are_told_apart(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        Random random = new(2);
        float[] row = Samples.Normal(48, 1);
        foreach (Similarity similarity in Similarities)
        {
            RankingCase ranking = new()
            {
                Depth = 48,
                Items = [.. Enumerable.Range(0, 2000).SelectMany(_ => row.Select(x => random.Next(20) == 0 ? MathF.BitIncrement(x) : x))],
                Queries = [.. row, .. Samples.Normal(48, 3), .. row.Select(x => -x)],
                Similarity = similarity,
            };
            foreach (int k in new[] { 1, 10, 100 }) Check(kernel, ranking, k);
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Copies_and_zero_rows_tie_and_the_lower_id_wins(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        float[][] rows = [Samples.Normal(37, 1), Samples.Normal(37, 2), new float[37], Samples.Normal(37, 3, 1e-40)];
        foreach (int items in new[] { 1, 31, 33, 1777 })
        {
            Random random = new(items);
            foreach (Similarity similarity in Similarities)
            {
                RankingCase ranking = new()
                {
                    Depth = 37,
                    Items = [.. Enumerable.Range(0, items).SelectMany(_ => rows[random.Next(4)])],
                    Queries = [.. Samples.Normal(4 * 37, 4), .. new float[37], .. rows[1]],
                    Similarity = similarity,
                };
                foreach (int k in new[] { 1, 10, 500 }) Check(kernel, ranking, k);
                Check(kernel, ranking with { Exclusions = ranking.RandomExclusions(items, 1) }, 50);
            }
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void NaN_never_comes_back_and_infinities_do(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        Random random = new(3);
        foreach (int rarity in new[] { 3, 40, 2000 })
        {
            foreach (Similarity similarity in Similarities)
            {
                RankingCase ranking = RankingCase.Random(700, 5, 6, rarity) with
                {
                    Similarity = similarity,
                    Bias = similarity == Similarity.Dot ? WithSpecial(Samples.Normal(700, 5)) : null,
                };
                ranking = ranking with { Items = WithSpecial(ranking.Items), Queries = WithSpecial(ranking.Queries) };
                foreach (int k in new[] { 1, 14, 150, 800 }) Check(kernel, ranking, k);
            }

            float[] WithSpecial(float[] values) =>
                [.. values.Select(x => random.Next(rarity) == 0 ? Samples.Special[random.Next(Samples.Special.Length)] : x)];
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Ascending_scores_are_no_special_case(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        RankingCase ranking = new() { Depth = 1, Items = [.. Enumerable.Range(0, 6000).Select(i => (float)i)], Queries = [1f, -1f, 0f] };
        foreach (int k in new[] { 1, 33, 5999 }) Check(kernel, ranking, k);
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Biases_larger_than_the_products_decide(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        foreach (float size in new[] { 1e-3f, 100f, 1e9f, 1e37f })
            Check(kernel, RankingCase.Random(3000, 16, 7, 1) with { Bias = Samples.Normal(3000, 2, size) }, 10);
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void A_query_gets_the_same_alone_and_in_company(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        RankingCase all = RankingCase.Random(2500, 33, 64, 1);
        (int[] ids, float[] scores) = kernel.CodedTopK(all, 12, withStretches: true);
        for (int query = 0; query < 64; query += 7)
        {
            (int[] Ids, float[] Scores) alone = kernel.CodedTopK(
                all with { Queries = all.Queries[(query * 33)..((query + 1) * 33)] }, 12, withStretches: true);
            Assert.Equal(ids[(query * 12)..((query + 1) * 12)], alone.Ids);
            Tolerance.Exact.Check(scores.AsSpan(query * 12, 12), alone.Scores, $"query {query}");
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Rows_score_as_panels_do(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        for (int items = 1; items < 140; items += 3)
        {
            RankingCase ranking = RankingCase.Random(items, 1 + (items % 50), 1 + (items % 6), items) with { Similarity = Similarities[items % 2] };
            float[] expected = kernel.Score(ranking);
            Tolerance.Exact.Check(expected, kernel.Score(ranking, inRows: true), $"{ranking}");
            int[] candidates = [.. Enumerable.Range(-1, items)];
            Tolerance.Exact.Check(
                kernel.ScoreCandidates(ranking, 0, candidates), kernel.ScoreCandidates(ranking, 0, candidates, inRows: true), $"{ranking}, candidates");
        }
    }

    private static float[] Scaled(float[] values, Func<int, double> factor) => [.. values.Select((x, i) => (float)(x * factor(i)))];

    private static void Check(RankingUnderTest kernel, RankingCase ranking, int k)
    {
        (int[] ids, float[] scores) = ranking.Sorted(kernel.Score(ranking), k);
        foreach (bool withStretches in new[] { false, true })
        {
            (int[] Ids, float[] Scores) actual = kernel.CodedTopK(ranking, k, withStretches);
            Assert.Equal(ids, actual.Ids);
            Tolerance.Exact.Check(scores, actual.Scores, $"{ranking}, top {k}, stretches {withStretches}");
        }
    }
}
