using SeqInfer.Devices;

namespace SeqInfer.Tests.Kernels.Ranking;

/// <summary>A catalogue and queries. Matrices are row-major with <see cref="Depth"/> columns.</summary>
internal sealed record RankingCase
{
    public required int Depth { get; init; }

    public required float[] Items { get; init; }

    public required float[] Queries { get; init; }

    public float[]? Bias { get; init; }

    public Similarity Similarity { get; init; } = Similarity.Dot;

    /// <summary>Ids that never come back for any query.</summary>
    public int[] ExcludedIds { get; init; } = [];

    /// <summary>Ids that must not come back, a list a query; or null.</summary>
    public int[][]? Exclusions { get; init; }

    public int ItemCount => Items.Length / Depth;

    public int QueryCount => Queries.Length / Depth;

    /// <summary>Normally distributed operands.</summary>
    public static RankingCase Random(int items, int depth, int queries, int seed) => new()
    {
        Depth = depth,
        Items = Samples.Normal(items * depth, seed),
        Queries = Samples.Normal(queries * depth, seed + 1),
    };

    /// <summary>Random lists of ids, some outside the catalogue, some repeated.</summary>
    public int[][] RandomExclusions(int longest, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, QueryCount).Select(_ =>
            Enumerable.Range(0, random.Next(longest + 1)).Select(_ => random.Next(-2, ItemCount + 3)).ToArray())];
    }

    /// <summary>The score in double, and the sum of its terms' magnitudes.</summary>
    public (double Score, double Magnitude) Reference(int query, int item)
    {
        double score = Bias?[item] ?? 0;
        double magnitude = Math.Abs(score);
        for (int k = 0; k < Depth; k++)
        {
            double q = Queries[(query * Depth) + k];
            double x = Items[(item * Depth) + k];
            double term = Similarity == Similarity.NegL2Squared ? -(q - x) * (q - x) : q * x;
            score += term;
            magnitude += Math.Abs(term);
        }

        return (score, magnitude);
    }

    /// <summary>The ranking that a full sort of the given scores [queries, items] gives. Both zeros are one score, +0.</summary>
    public (int[] Ids, float[] Scores) Sorted(float[] scores, int k)
    {
        List<int> ids = [];
        List<float> best = [];
        for (int query = 0; query < QueryCount; query++)
        {
            HashSet<int> hidden = [.. ExcludedIds, .. Exclusions?[query] ?? []];
            int[] order = [.. Enumerable.Range(0, ItemCount)
                .Where(id => !hidden.Contains(id) && !float.IsNaN(ScoreOf(id)))
                .OrderByDescending(ScoreOf).ThenBy(id => id).Take(k)];
            ids.AddRange(order.Concat(Enumerable.Repeat(-1, k - order.Length)));
            best.AddRange(order.Select(id => ScoreOf(id) + 0f).Concat(Enumerable.Repeat(float.NegativeInfinity, k - order.Length)));

            float ScoreOf(int id) => scores[(query * ItemCount) + id];
        }

        return ([.. ids], [.. best]);
    }

    public override string ToString() => $"{ItemCount} x {Depth} items, {QueryCount} queries, {Similarity}";
}
