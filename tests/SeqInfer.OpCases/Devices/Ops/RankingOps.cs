using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Ops;

/// <summary>Random calls of scoring and top-K.</summary>
internal static class RankingOps
{
    private const int WholeMagnitude = 3;

    public static Gen<Similarity> Measure => Gen.Elements(Enum.GetValues<Similarity>());

    public static Gen<OpCase> Score =>
        from seed in Shapes.Seed
        from queries in Shapes.Rows
        from columns in Shapes.Columns
        from items in Gen.Choose(0, 150)
        from similarity in Measure
        from hasBias in Shapes.Flag
        select new OpCase($"[{queries}, {columns}] x {items}, {similarity}", seed, ToleranceOf(similarity, columns), run =>
        {
            Catalogue catalogue = Catalogue(run, items, columns, similarity, hasBias, excluded: 0);
            Tensor query = run.Input(queries, columns);
            Tensor output = run.Output(queries, items);
            return () => run.Device.Score(run.Workspace, query, catalogue, output);
        });

    public static Gen<OpCase> ScoreCandidates =>
        from seed in Shapes.Seed
        from lengths in Shapes.Lengths
        from columns in Shapes.Columns
        from items in Gen.Choose(0, 60)
        from similarity in Measure
        from hasBias in Shapes.Flag
        select new OpCase(
            $"{columns} columns x {items}, {similarity}, candidates {string.Join(' ', lengths)}", seed, ToleranceOf(similarity, columns), run =>
            {
                Catalogue catalogue = Catalogue(run, items, columns, similarity, hasBias, excluded: 0);
                Ragged sequences = run.Ragged(lengths);
                Indices candidates = run.Ids(run.Data.Ids(sequences.RowCount, -1, items - 1));
                Tensor query = run.Input(lengths.Length, columns);
                Tensor output = run.Output(sequences.RowCount, 1);
                return () => run.Device.ScoreCandidates(run.Workspace, query, catalogue, candidates, sequences, output);
            });

    /// <summary>Whole numbers: all scores are exact in single precision and most of them tie, so ids must be equal.</summary>
    public static Gen<OpCase> TopK =>
        from seed in Shapes.Seed
        from queries in Shapes.Rows
        from columns in Shapes.FewColumns
        from items in Gen.Frequency((1, Gen.Constant(0)), (4, Gen.Choose(1, 40)), (2, Gen.Choose(41, 700)))
        from k in Gen.Frequency((1, Gen.Constant(1)), (4, Gen.Choose(2, 20)), (1, Gen.Choose(21, 120)))
        from similarity in Gen.Elements(Similarity.Dot, Similarity.NegL2Squared)
        from hasBias in Shapes.Flag
        from never in Gen.Choose(0, 3)
        from hasExclusions in Shapes.Flag
        from exclusions in Gen.ArrayOf(Gen.Choose(0, 30), queries)
        select new OpCase(
            $"{k} of {items} for [{queries}, {columns}], {similarity}, never {never}, "
            + $"without {(hasExclusions ? string.Join(' ', exclusions) : "any")}",
            seed,
            OpTolerance.Exact,
            run =>
            {
                Catalogue catalogue = WholeCatalogue(run, items, columns, similarity, hasBias, never);
                Ragged? lists = hasExclusions ? run.Ragged(exclusions) : null;
                Indices excluded = run.Ids(run.Data.Ids(lists?.RowCount ?? 0, -3, items + 3));
                Tensor query = run.Input(queries, columns, run.Data.WholeValues(queries * columns, WholeMagnitude));
                Indices ids = run.IdOutput(queries * k);
                Tensor scores = run.Output(queries, k);
                return () => run.Device.TopK(run.Workspace, query, catalogue, k, excluded, lists, ids, scores);
            });

    /// <summary>Whole numbers, most of which tie, and NaN, which is no score.</summary>
    public static Gen<OpCase> SelectTopK =>
        from seed in Shapes.Seed
        from rows in Shapes.Rows
        from items in Gen.Frequency((1, Gen.Constant(0)), (4, Gen.Choose(1, 40)), (2, Gen.Choose(41, 700)))
        from k in Gen.Frequency((1, Gen.Constant(1)), (4, Gen.Choose(2, 20)), (1, Gen.Choose(21, 120)))
        from nan in Gen.Elements(0, 0.3)
        from never in Gen.Choose(0, 3)
        from hasExclusions in Shapes.Flag
        from exclusions in Gen.ArrayOf(Gen.Choose(0, 30), rows)
        select new OpCase(
            $"{k} of [{rows}, {items}], NaN {nan}, never {never}, without {(hasExclusions ? string.Join(' ', exclusions) : "any")}",
            seed,
            OpTolerance.Exact,
            run =>
            {
                float[] values = run.Data.WholeValues(rows * items, WholeMagnitude * WholeMagnitude);
                for (int i = 0; i < values.Length; i++)
                {
                    if (run.Data.Chance(nan))
                        values[i] = float.NaN;
                }

                ImmutableArray<int> hidden = [.. run.Data.Ids(items == 0 ? 0 : never, 0, items - 1)];
                Ragged? lists = hasExclusions ? run.Ragged(exclusions) : null;
                Indices excluded = run.Ids(run.Data.Ids(lists?.RowCount ?? 0, -3, items + 3));
                Tensor input = run.Input(rows, items, values);
                Indices ids = run.IdOutput(rows * k);
                Tensor scores = run.Output(rows, k);
                return () => run.Device.SelectTopK(run.Workspace, input, k, hidden, excluded, lists, ids, scores);
            });

    /// <summary>Whole numbers of a small range: the same item stands in many lists, and ranks tie.</summary>
    public static Gen<OpCase> MergeTopK =>
        from seed in Shapes.Seed
        from users in Shapes.Rows
        from lists in Gen.Choose(1, 5)
        from k in Gen.Choose(1, 30)
        from items in Gen.Choose(0, 60)
        select new OpCase($"{lists} lists of {k} for {users}, of {items} items", seed, OpTolerance.Exact, run =>
        {
            int rows = lists * users;
            int[] ids = new int[rows * k];
            float[] scores = new float[rows * k];
            for (int row = 0; row < rows; row++)
            {
                float[] values = run.Data.WholeValues(items, WholeMagnitude);
                int[] order = [.. Enumerable.Range(0, items).OrderByDescending(id => values[id]).ThenBy(id => id)];
                for (int rank = 0; rank < k; rank++)
                {
                    ids[(row * k) + rank] = rank < items ? order[rank] : -1;
                    scores[(row * k) + rank] = rank < items ? values[order[rank]] : float.NegativeInfinity;
                }
            }

            Indices listIds = run.Ids(ids);
            Tensor listScores = run.Input(rows, k, scores);
            Indices bestIds = run.IdOutput(users * k);
            Tensor bestScores = run.Output(users, k);
            return () => run.Device.MergeTopK(run.Workspace, lists, listIds, listScores, bestIds, bestScores);
        });

    /// <summary>A catalogue of values between -1 and 1 whose first row is zero.</summary>
    public static Catalogue Catalogue(OpRun run, int items, int columns, Similarity similarity, bool hasBias, int excluded)
    {
        float[] values = run.Data.Values(items * columns, 1);
        values.AsSpan(0, Math.Min(values.Length, columns)).Clear();
        Parameter vectors = run.Data.Stored(items, columns, values);
        Parameter? bias = hasBias && similarity == Similarity.Dot ? run.Data.Parameter(1, items) : null;
        return Make(run, vectors, bias, similarity, excluded);
    }

    /// <summary>
    /// How far a score may be off. The squares of a distance have one sign, so that the sum grows with their number; they are 2 on average,
    /// as are the three sums that a distance may be computed from.
    /// </summary>
    public static OpTolerance ToleranceOf(Similarity similarity, int columns) => similarity switch
    {
        Similarity.Cosine => OpTolerance.Normalized,
        Similarity.NegL2Squared => new OpTolerance(Tolerance.Accumulated(columns), 2 * columns),
        _ => OpTolerance.Sum(columns + 1, InputData.Magnitude),
    };

    private static Catalogue WholeCatalogue(OpRun run, int items, int columns, Similarity similarity, bool hasBias, int excluded)
    {
        Parameter vectors = run.Data.WholeParameter(items, columns, WholeMagnitude);
        Parameter? bias = hasBias && similarity == Similarity.Dot ? run.Data.WholeParameter(1, items, WholeMagnitude) : null;
        return Make(run, vectors, bias, similarity, excluded);
    }

    private static Catalogue Make(OpRun run, Parameter vectors, Parameter? bias, Similarity similarity, int excluded)
    {
        ImmutableArray<int> never = [.. run.Data.Ids(vectors.Rows == 0 ? 0 : excluded, 0, vectors.Rows - 1)];
        CatalogueOptions options = new() { Similarity = similarity, ExcludedIds = never };
        return run.Make(device => device.CreateCatalogue(vectors, bias, options));
    }
}
