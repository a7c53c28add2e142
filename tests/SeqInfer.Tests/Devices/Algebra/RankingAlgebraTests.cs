using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Devices.Ops;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Algebra;

/// <summary>What scoring and top-K must satisfy whatever computes them.</summary>
public sealed class RankingAlgebraTests
{
    private const int SampleCount = 25;

    public static TheoryData<string> Devices => TestDevices.All;

    [Theory]
    [MemberData(nameof(Devices))]
    public void TopK_is_the_sorted_scores(string device) => Check(device, (run, queries, catalogue) =>
    {
        int items = catalogue.RowCount;
        Tensor scores = run.Output(queries.RowCount, items);
        run.Device.Score(run.Workspace, queries, catalogue, scores);
        int[] lengths = [.. Enumerable.Range(0, queries.RowCount).Select(_ => run.Data.Between(0, 12))];
        int[] excluded = run.Data.Ids(lengths.Sum(), -2, items + 1);
        int k = run.Data.Between(1, 30);
        (int[][] ids, double[][] best) = TopK(run, queries, catalogue, k, excluded, lengths);

        double[][] all = run.Rows(scores);
        for (int row = 0; row < all.Length; row++)
        {
            int start = lengths[..row].Sum();
            HashSet<int> hidden = [.. excluded[start..(start + lengths[row])], .. catalogue.Options.ExcludedIds];
            int[] expected = [.. Enumerable.Range(0, items)
                .Where(id => !hidden.Contains(id)).OrderByDescending(id => all[row][id]).ThenBy(id => id).Take(k)];
            int missing = k - expected.Length;
            Assert.Equal([.. expected, .. Enumerable.Repeat(-1, missing)], ids[row]);
            Bits.Equal([.. expected.Select(id => all[row][id]), .. Enumerable.Repeat(double.NegativeInfinity, missing)], best[row]);
        }
    });

    [Theory]
    [MemberData(nameof(Devices))]
    public void Candidates_score_as_in_the_whole_catalogue(string device) => Check(device, (run, queries, catalogue) =>
    {
        Tensor scores = run.Output(queries.RowCount, catalogue.RowCount);
        run.Device.Score(run.Workspace, queries, catalogue, scores);
        int[] lengths = [.. Enumerable.Range(0, queries.RowCount).Select(_ => run.Data.Between(0, 9))];
        int[] candidates = run.Data.Ids(lengths.Sum(), -1, catalogue.RowCount - 1);
        Tensor output = run.Output(candidates.Length, 1);
        run.Device.ScoreCandidates(run.Workspace, queries, catalogue, run.Ids(candidates), run.Ragged(lengths), output);

        OpTolerance tolerance = RankingOps.ToleranceOf(catalogue.Options.Similarity, catalogue.ColumnCount);
        double[][] all = run.Rows(scores);
        double[][] actual = run.Rows(output);
        int[] rows = [.. lengths.SelectMany((length, row) => Enumerable.Repeat(row, length))];
        for (int i = 0; i < candidates.Length; i++)
        {
            double expected = candidates[i] < 0 ? double.NegativeInfinity : all[rows[i]][candidates[i]];
            tolerance.Tolerance.Check([expected], [(float)actual[i][0]], $"candidate {i}", tolerance.Range);
        }
    });

    [Theory]
    [MemberData(nameof(Devices))]
    public void Candidates_of_a_batch_are_those_of_each_query_alone(string device) => Check(device, (run, queries, catalogue) =>
    {
        int[] lengths = [.. Enumerable.Range(0, queries.RowCount).Select(_ => run.Data.Between(0, 9))];
        int[] candidates = run.Data.Ids(lengths.Sum(), -1, catalogue.RowCount - 1);
        double[][] together = Score(queries, candidates, lengths);
        for (int row = 0; row < lengths.Length; row++)
        {
            Range part = lengths[..row].Sum()..lengths[..(row + 1)].Sum();
            Bits.Equal(together[part], Score(queries.Rows(row, 1), candidates[part], [lengths[row]]));
        }

        double[][] Score(Tensor rows, int[] ids, int[] counts)
        {
            Tensor output = run.Output(ids.Length, 1);
            run.Device.ScoreCandidates(run.Workspace, rows, catalogue, run.Ids(ids), run.Ragged(counts), output);
            return run.Rows(output);
        }
    });

    [Theory]
    [MemberData(nameof(Devices))]
    public void Equal_scores_come_in_the_order_of_ids(string device) => OpHarness.Use(TestDevices.Get(device), 1, run =>
    {
        // Zeros of both signs are equal scores, too.
        const int Items = 300;
        float[] signs = [.. Enumerable.Range(0, Items).Select(id => id % 3 == 0 ? -0.0f : 0.0f)];
        Catalogue catalogue = Catalogue(run, Items, 2, new float[Items * 2], signs);
        Tensor queries = run.Input(3, 2, [1, 1, -1, -1, 0, 1]);
        (int[][] ids, _) = TopK(run, queries, catalogue, 40, [], [0, 0, 0]);
        Assert.All(ids, row => Assert.Equal(Enumerable.Range(0, 40), row));
    });

    [Theory]
    [MemberData(nameof(Devices))]
    public void Minus_infinity_is_a_score_and_NaN_is_none(string device) => OpHarness.Use(TestDevices.Get(device), 1, run =>
    {
        float[] bias = [float.NegativeInfinity, float.NaN, 1, float.NegativeInfinity, float.PositiveInfinity, float.NaN, 2];
        Catalogue catalogue = Catalogue(run, bias.Length, 1, new float[bias.Length], bias);
        Tensor queries = run.Input(2, 1, [1, float.NaN]);
        (int[][] ids, double[][] scores) = TopK(run, queries, catalogue, 6, [], [0, 0]);
        Assert.Equal([4, 6, 2, 0, 3, -1], ids[0]);
        Assert.Equal(
            [double.PositiveInfinity, 2, 1, double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity], scores[0]);
        Assert.Equal(Enumerable.Repeat(-1, 6), ids[1]);
        Assert.Equal(Enumerable.Repeat(double.NegativeInfinity, 6), scores[1]);
    });

    [Theory]
    [MemberData(nameof(Devices))]
    public void Excluded_ids_never_come_back(string device) => OpHarness.Use(TestDevices.Get(device), 1, run =>
    {
        float[] bias = [.. Enumerable.Range(0, 50).Select(id => (float)id)];
        Parameter vectors = Parameter.FromValues("items", 50, 1, new float[50]);
        Parameter biases = Parameter.FromValues("bias", 1, 50, bias);
        CatalogueOptions options = new() { ExcludedIds = [0, 49, 49, 47] };
        Catalogue catalogue = run.Make(created => created.CreateCatalogue(vectors, biases, options));
        Tensor queries = run.Input(3, 1, [1, 1, 1]);
        int[] excluded = [48, 48, -5, 1000, 46, .. Enumerable.Range(0, 50)];
        (int[][] ids, _) = TopK(run, queries, catalogue, 3, excluded, [0, 5, 50]);
        Assert.Equal([48, 46, 45], ids[0]);
        Assert.Equal([45, 44, 43], ids[1]);
        Assert.Equal([-1, -1, -1], ids[2]);
    });

    private static void Check(string device, Action<OpRun, Tensor, Catalogue> assert) => Property.Check(
        from seed in Shapes.Seed
        from queries in Gen.Frequency((4, Gen.Choose(1, 9)), (1, Gen.Choose(10, 40)))
        from columns in Gen.Choose(1, 70)
        from items in Gen.Frequency((3, Gen.Choose(1, 60)), (1, Gen.Choose(61, 600)))
        from similarity in RankingOps.Measure
        from never in Gen.Choose(0, 2)
        select (seed, queries, columns, items, similarity, never),
        sample => OpHarness.Use(TestDevices.Get(device), sample.seed, run => assert(
            run,
            run.Input(sample.queries, sample.columns),
            RankingOps.Catalogue(run, sample.items, sample.columns, sample.similarity, hasBias: true, sample.never))),
        SampleCount);

    private static Catalogue Catalogue(OpRun run, int items, int columns, float[] vectors, float[] bias)
    {
        Parameter rows = Parameter.FromValues("items", items, columns, vectors);
        Parameter biases = Parameter.FromValues("bias", 1, items, bias);
        return run.Make(created => created.CreateCatalogue(rows, biases, new CatalogueOptions()));
    }

    private static (int[][] Ids, double[][] Scores) TopK(
        OpRun run, Tensor queries, Catalogue catalogue, int k, int[] excluded, int[] lengths)
    {
        Indices ids = run.IdOutput(queries.RowCount * k);
        Tensor scores = run.Output(queries.RowCount, k);
        run.Device.TopK(run.Workspace, queries, catalogue, k, run.Ids(excluded), run.Ragged(lengths), ids, scores);
        return ([.. run.Workspace.Span(ids).ToArray().Chunk(k)], run.Rows(scores));
    }
}
