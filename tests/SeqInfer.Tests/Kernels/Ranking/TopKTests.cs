using SeqInfer.Devices;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels.Ranking;

/// <summary>The best k against a full sort of all scores: the same ids in the same order, the same bits.</summary>
public sealed class TopKTests
{
    public static TheoryData<Isa> AllIsas => RankingUnderTest.AllIsas;

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Equals_a_full_sort(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        Random random = new(1);
        for (int i = 0; i < 250; i++)
        {
            int items = random.Next(1, 300);
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
        RankingCase ranking = RankingCase.Random(9001, 3, 5, 1);
        foreach (int k in new[] { 31, 32, 33, 100, 1000, 4000, 9001, 9500 })
        {
            Check(kernel, ranking, k);
            Check(kernel, ranking with { Exclusions = ranking.RandomExclusions(6000, k) }, k);
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Copies_of_a_row_tie_exactly_and_the_lower_id_wins(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        float[][] rows = [Samples.Normal(37, 1), Samples.Normal(37, 2), Samples.Normal(37, 3)];
        foreach (int items in new[] { 1, 31, 32, 33, 100, 777 })
        {
            Random random = new(items);
            int[] kinds = [.. Enumerable.Range(0, items).Select(_ => random.Next(3))];
            foreach (Similarity similarity in new[] { Similarity.Dot, Similarity.NegL2Squared })
            {
                RankingCase ranking = new()
                {
                    Depth = 37,
                    Items = [.. kinds.SelectMany(kind => rows[kind])],
                    Queries = Samples.Normal(5 * 37, 4),
                    Similarity = similarity,
                };
                float[] scores = kernel.Score(ranking);
                for (int query = 0; query < 5; query++)
                    Assert.True(scores[(query * items)..((query + 1) * items)].Distinct().Count() <= 3, "copies have different scores");
                foreach (int k in new[] { 1, 10, 40, 500 }) Check(kernel, ranking, k);
                Check(kernel, ranking with { Exclusions = ranking.RandomExclusions(items, 1) }, 50);
            }
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Ascending_and_descending_scores_are_no_special_case(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        RankingCase ranking = new() { Depth = 1, Items = [.. Enumerable.Range(0, 3000).Select(i => (float)i)], Queries = [1f, -1f] };
        foreach (int k in new[] { 1, 32, 33, 200, 2999 }) Check(kernel, ranking, k);
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void NaN_never_comes_back_and_infinities_do(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        float[] items = Samples.Normal(200, 1);
        foreach (int id in Enumerable.Range(0, 40)) items[id * 5] = Samples.Special[^(1 + (id % 3))];
        RankingCase ranking = new() { Depth = 1, Items = items, Queries = [1f, -2f, float.NaN] };
        foreach (int k in new[] { 1, 5, 13, 14, 30, 150, 190, 250 }) Check(kernel, ranking, k);
        (int[] ids, float[] scores) = kernel.TopK(ranking with { Queries = [float.NaN] }, 3);
        Assert.Equal([-1, -1, -1], ids);
        Assert.All(scores, score => Assert.Equal(float.NegativeInfinity, score));
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Excluding_everything_leaves_nothing(Isa isa)
    {
        RankingCase ranking = RankingCase.Random(50, 4, 2, 1) with { Exclusions = [[.. Enumerable.Range(0, 50).Reverse()], [3, 3, 3]] };
        (int[] ids, _) = RankingUnderTest.For(isa).TopK(ranking, 50);
        Assert.All(ids[..50], id => Assert.Equal(-1, id));
        Assert.Equal(49, ids[50..].Count(id => id >= 0));
        Assert.DoesNotContain(3, ids[50..]);
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void A_query_gets_the_same_alone_and_in_company(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        RankingCase all = RankingCase.Random(400, 33, 13, 1);
        (int[] ids, float[] scores) = kernel.TopK(all, 12);
        for (int query = 0; query < 13; query++)
        {
            (int[] Ids, float[] Scores) alone = kernel.TopK(all with { Queries = all.Queries[(query * 33)..((query + 1) * 33)] }, 12);
            Assert.Equal(ids[(query * 12)..((query + 1) * 12)], alone.Ids);
            Tolerance.Exact.Check(scores.AsSpan(query * 12, 12), alone.Scores, $"query {query}");
        }
    }

    private static void Check(RankingUnderTest kernel, RankingCase ranking, int k)
    {
        (int[] ids, float[] scores) = ranking.Sorted(kernel.Score(ranking), k);
        (int[] Ids, float[] Scores) actual = kernel.TopK(ranking, k);
        Assert.Equal(ids, actual.Ids);
        Tolerance.Exact.Check(scores, actual.Scores, $"{ranking}, top {k}");
    }
}
