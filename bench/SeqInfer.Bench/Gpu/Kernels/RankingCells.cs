using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Bench.Gpu.Kernels;

/// <summary>Scores of a catalogue and the best of them.</summary>
internal static class RankingCells
{
    private const int Columns = 64;
    private const int K = 10;
    private const int Lists = 4;
    private const int Candidates = 100;

    public static IEnumerable<KernelCell> Create(int queries, int items)
    {
        double table = 4.0 * items * Columns;
        List<KernelCell> cells =
        [
            new("Score", $"{queries}x{Columns}x{items}", 2.0 * queries * items * Columns, table + (4.0 * queries * (Columns + items)), on =>
            {
                Catalogue catalogue = on.Device.CreateCatalogue(on.Parameter(items, Columns), null, new CatalogueOptions());
                Tensor x = on.Take(queries, Columns);
                Tensor y = on.Arena.Take(queries, items);
                return () => on.Device.Score(on.Arena, x, catalogue, y);
            }),
            new("ScoreCandidates", $"{queries} x {Candidates} of {items}x{Columns}", 2.0 * queries * Candidates * Columns, 4.0 * queries * Candidates * (Columns + 2), on =>
            {
                Catalogue catalogue = on.Device.CreateCatalogue(on.Parameter(items, Columns), null, new CatalogueOptions());
                Indices candidates = on.Ids(queries * Candidates, items);
                Ragged lists = on.Sequences(queries, Candidates);
                Tensor x = on.Take(queries, Columns);
                Tensor y = on.Arena.Take(queries * Candidates, 1);
                return () => on.Device.ScoreCandidates(on.Arena, x, catalogue, candidates, lists, y);
            }),
            new("SelectTopK", $"{K} of {queries}x{items}", 0, 4.0 * queries * (items + (2 * K)), on =>
            {
                Tensor x = on.Take(queries, items);
                Indices ids = on.Arena.TakeIndices(queries * K);
                Tensor scores = on.Arena.Take(queries, K);
                return () => on.Device.SelectTopK(on.Arena, x, K, [], default, null, ids, scores);
            }),
            new("MergeTopK", $"{Lists} lists of {K} for {queries}", 0, 8.0 * queries * K * (Lists + 1), on =>
            {
                Indices listIds = on.Ids(Lists * queries * K, items);
                Tensor listScores = on.Take(Lists * queries, K);
                Indices ids = on.Arena.TakeIndices(queries * K);
                Tensor scores = on.Arena.Take(queries, K);
                return () => on.Device.MergeTopK(on.Arena, Lists, listIds, listScores, ids, scores);
            }),
        ];
        foreach (int count in new[] { 1, queries }.Distinct())
            cells.Add(TopK(count, items));
        return cells;
    }

    private static KernelCell TopK(int queries, int items) => new(
        "TopK", $"{K} of {items}x{Columns} for {queries}", 2.0 * queries * items * Columns, 4.0 * ((double)items * Columns + (queries * (Columns + (2 * K)))), on =>
        {
            Parameter vectors = on.Parameter(items, Columns);
            Catalogue catalogue = on.Device.CreateCatalogue(vectors, null, new CatalogueOptions());
            Tensor x = on.Take(queries, Columns);
            Indices ids = on.Arena.TakeIndices(queries * K);
            Tensor scores = on.Arena.Take(queries, K);
            return () => on.Device.TopK(on.Arena, x, catalogue, K, default, null, ids, scores);
        });
}
