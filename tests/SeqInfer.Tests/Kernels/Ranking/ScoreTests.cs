using SeqInfer.Devices;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels.Ranking;

/// <summary>Scores of all items and of candidates.</summary>
public sealed class ScoreTests
{
    private static readonly Similarity[] Similarities = [Similarity.Dot, Similarity.NegL2Squared];

    public static TheoryData<Isa> AllIsas => RankingUnderTest.AllIsas;

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Equal_the_formula_at_every_number_of_items(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        foreach (int items in Samples.Lengths)
        {
            foreach (Similarity similarity in Similarities)
            {
                RankingCase ranking = RankingCase.Random(items, 1 + (items % 70), 1 + (items % 9), items) with
                {
                    Similarity = similarity,
                    Bias = similarity == Similarity.Dot && items % 2 == 1 ? Samples.Normal(items, 7) : null,
                };
                Check(ranking, kernel.Score(ranking));
            }
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void A_query_scores_the_same_alone_and_in_company(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        RankingCase all = RankingCase.Random(133, 50, 11, 1);
        float[] scores = kernel.Score(all);
        for (int query = 0; query < all.QueryCount; query++)
        {
            RankingCase one = all with { Queries = all.Queries[(query * 50)..((query + 1) * 50)] };
            Tolerance.Exact.Check(scores.AsSpan(query * 133, 133), kernel.Score(one), $"query {query}");
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Candidates_score_as_in_the_whole_catalogue(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        Random random = new(1);
        foreach (int count in Enumerable.Range(0, 40))
        {
            foreach (Similarity similarity in Similarities)
            {
                RankingCase ranking = RankingCase.Random(75, 1 + (count * 3), 2, count) with
                {
                    Similarity = similarity,
                    Bias = similarity == Similarity.Dot ? Samples.Normal(75, 3) : null,
                };
                int[] candidates = [.. Enumerable.Range(0, count).Select(_ => random.Next(-1, 75))];
                float[] all = kernel.Score(ranking);
                float[] expected = [.. candidates.Select(id => id < 0 ? float.NegativeInfinity : all[75 + id])];
                Tolerance.Exact.Check(expected, kernel.ScoreCandidates(ranking, 1, candidates), $"{count} candidates, {similarity}");
            }
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsas))]
    public void Distances_of_neighbours_do_not_cancel(Isa isa)
    {
        RankingUnderTest kernel = RankingUnderTest.For(isa);
        float[] far = [.. Enumerable.Range(0, 16).Select(i => 1000f + i)];
        RankingCase ranking = new()
        {
            Depth = 16,
            Queries = far,
            Items = [.. Enumerable.Range(0, 40).SelectMany(item => far.Select(x => x + (item / 1024f)))],
            Similarity = Similarity.NegL2Squared,
        };
        float[] scores = kernel.Score(ranking);
        for (int item = 0; item < 40; item++) Tolerance.Close.Check(-16.0 * item * item / (1024 * 1024), scores[item], $"item {item}");
    }

    // Relative to the terms' magnitudes, since the terms of an inner product cancel
    private static void Check(RankingCase ranking, float[] scores)
    {
        for (int query = 0; query < ranking.QueryCount; query++)
        {
            for (int item = 0; item < ranking.ItemCount; item++)
            {
                (double score, double magnitude) = ranking.Reference(query, item);
                Tolerance.Accumulated(ranking.Depth).Check(
                    [score], scores.AsSpan((query * ranking.ItemCount) + item, 1), $"{ranking}, item {item}", magnitude);
            }
        }
    }
}
