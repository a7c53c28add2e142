using System.Collections.Immutable;
using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Ranking;
using SeqInfer.Kernels.Ranking.Codes;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    // Queries that stay in the cache while the catalogue streams by
    private const int QueryBlock = 64;

    protected override Catalogue CreateCatalogueCore(Parameter items, Parameter? bias, CatalogueOptions options) =>
        new CpuCatalogue<V>(this, items, bias, options);

    protected override void ScoreCore(Workspace workspace, Tensor queries, Catalogue catalogue, Tensor output)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor prepared = Prepare(workspace, queries, catalogue);
        Tensor scratch = TakePanelScratch(workspace, catalogue);
        if (workspace.IsPlanning)
            return;
        ItemVectors items = ((CpuCatalogue<V>)catalogue).Vectors;
        float* q = Pointer(workspace, prepared);
        float* y = Pointer(workspace, output);
        float* panels = Pointer(workspace, scratch);
        if (catalogue.Options.Similarity == Similarity.NegL2Squared)
            ScoreKernel<V, NegSquaredDistanceTerm>.Run(items, q, prepared.Stride, prepared.RowCount, panels, y, output.Stride);
        else
            ScoreKernel<V, DotTerm>.Run(items, q, prepared.Stride, prepared.RowCount, panels, y, output.Stride);
    }

    protected override void ScoreCandidatesCore(
        Workspace workspace, Tensor queries, Catalogue catalogue, Indices candidates, Ragged sequences, Tensor output)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor prepared = Prepare(workspace, queries, catalogue);
        Tensor scratch = TakeScratch(workspace, CandidateKernel<V, DotTerm>.ScratchFor(catalogue.ColumnCount));
        if (workspace.IsPlanning)
            return;
        ItemVectors items = ((CpuCatalogue<V>)catalogue).Vectors;
        bool distance = catalogue.Options.Similarity == Similarity.NegL2Squared;
        int* ids = Pointer(workspace, candidates);
        float* q = Pointer(workspace, prepared);
        float* y = Pointer(workspace, output);
        float* columns = Pointer(workspace, scratch);
        ReadOnlySpan<int> offsets = workspace.Span(sequences.Offsets);
        for (int s = 0; s < sequences.Count; s++, q += prepared.Stride)
        {
            int first = offsets[s];
            int count = offsets[s + 1] - first;
            float* scores = y + ((nint)first * output.Stride);
            if (distance) CandidateKernel<V, NegSquaredDistanceTerm>.Run(items, q, ids + first, count, columns, scores, output.Stride);
            else CandidateKernel<V, DotTerm>.Run(items, q, ids + first, count, columns, scores, output.Stride);
        }
    }

    protected override void TopKCore(
        Workspace workspace, Tensor queries, Catalogue catalogue, int k, Indices excluded, Ragged? exclusions, Indices ids, Tensor scores)
    {
        using WorkspaceFrame frame = workspace.Frame();
        int kept = Math.Clamp(k, 1, Math.Max(1, catalogue.RowCount));
        int block = Math.Min(QueryBlock, queries.RowCount);
        Tensor prepared = Prepare(workspace, queries, catalogue);
        Tensor keyScratch = TakeScratch(workspace, checked(block * TopKList.RoomFor(kept) * (sizeof(long) / sizeof(float))));
        Tensor listScratch = TakeScratch(workspace, block * (long)sizeof(TopKList) / sizeof(float));
        Tensor setScratch = TakeScratch(workspace, block * (long)sizeof(IdSet) / sizeof(float));
        Indices slotScratch = workspace.TakeIndices(exclusions is null ? 0 : IdSet.RoomFor(excluded.Count));
        Tensor scanScratch = TakeScanScratch(workspace, catalogue, block);
        if (workspace.IsPlanning)
            return;

        long* keys = (long*)Pointer(workspace, keyScratch);
        TopKList* lists = (TopKList*)Pointer(workspace, listScratch);
        IdSet* sets = exclusions is null ? null : (IdSet*)Pointer(workspace, setScratch);
        for (int first = 0; first < queries.RowCount; first += block)
        {
            int count = Math.Min(block, queries.RowCount - first);
            for (int i = 0; i < count; i++)
                lists[i] = new TopKList(keys + (i * TopKList.RoomFor(kept)), kept);
            if (exclusions is { } ragged)
                BuildSets(workspace, excluded, ragged, first, count, catalogue.RowCount, Pointer(workspace, slotScratch), sets);

            Tensor rows = prepared.Rows(first, count);
            TopKQueries asked = new()
            {
                Rows = Pointer(workspace, rows),
                Stride = rows.Stride,
                Count = count,
                Lists = lists,
                Excluded = sets,
            };
            if (catalogue.Options.Similarity == Similarity.NegL2Squared)
                Scan<NegSquaredDistanceTerm>((CpuCatalogue<V>)catalogue, asked, kept, Pointer(workspace, scanScratch));
            else
                Scan<DotTerm>((CpuCatalogue<V>)catalogue, asked, kept, Pointer(workspace, scanScratch));

            float* bestScores = Pointer(workspace, scores.Rows(first, count));
            int* bestIds = Pointer(workspace, ids) + ((nint)first * k);
            for (int i = 0; i < count; i++)
                lists[i].Finish(bestIds + ((nint)i * k), bestScores + ((nint)i * scores.Stride), k);
        }
    }

    protected override void SelectTopKCore(
        Workspace workspace,
        Tensor values,
        int k,
        ImmutableArray<int> never,
        Indices excluded,
        Ragged? exclusions,
        Indices ids,
        Tensor scores)
    {
        using WorkspaceFrame frame = workspace.Frame();
        int kept = Math.Clamp(k, 1, Math.Max(1, values.ColumnCount));
        Tensor keyScratch = TakeScratch(workspace, checked(TopKList.RoomFor(kept) * (sizeof(long) / sizeof(float))));
        Indices slotScratch = workspace.TakeIndices(exclusions is null ? 0 : IdSet.RoomFor(excluded.Count));
        if (workspace.IsPlanning)
            return;

        for (int row = 0; row < values.RowCount; row++)
        {
            TopKList list = new((long*)Pointer(workspace, keyScratch), kept);
            IdSet set = default;
            if (exclusions is { } ragged)
                BuildSets(workspace, excluded, ragged, row, 1, values.ColumnCount, Pointer(workspace, slotScratch), &set);
            SelectKernel<V>.Scan(Pointer(workspace, values.Rows(row, 1)), values.ColumnCount, never.AsSpan(), &set, &list);
            list.Finish(Pointer(workspace, ids) + ((nint)row * k), Pointer(workspace, scores.Rows(row, 1)), k);
        }
    }

    protected override void MergeTopKCore(
        Workspace workspace, int listCount, Indices listIds, Tensor listScores, Indices ids, Tensor scores)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Indices heads = workspace.TakeIndices(listCount);
        if (workspace.IsPlanning)
            return;
        int users = scores.RowCount;
        int k = scores.ColumnCount;
        var lists = new RankedLists
        {
            Ids = Pointer(workspace, listIds),
            IdStride = (nint)users * k,
            Scores = Pointer(workspace, listScores),
            ScoreStride = users * (nint)listScores.Stride,
            Heads = Pointer(workspace, heads),
            Count = listCount,
            Length = k,
        };
        for (int user = 0; user < users; user++, lists.Ids += k, lists.Scores += listScores.Stride)
        {
            float* best = Pointer(workspace, scores.Rows(user, 1));
            MergeKernel.Run(lists, Pointer(workspace, ids) + ((nint)user * k), best);
        }
    }

    private static void Scan<TTerm>(CpuCatalogue<V> catalogue, in TopKQueries queries, int k, float* scratch)
        where TTerm : struct, ITerm
    {
        ItemVectors items = catalogue.Vectors;
        if (catalogue.HasCodes)
            TwoPassTopK<V, TTerm>.Scan(items, catalogue.Codes, queries, k, catalogue.Options.Similarity == Similarity.NegL2Squared, scratch);
        else
            TopKKernel<V, TTerm>.Scan(items, queries, 0, Panel<V>.CountFor(items.ItemCount), scratch);
    }

    private static Tensor TakePanelScratch(Workspace workspace, Catalogue catalogue) =>
        TakeScratch(workspace, ((CpuCatalogue<V>)catalogue).HasCodes ? ItemVectors.ScratchFor<V>(catalogue.ColumnCount) : 0);

    private static Tensor TakeScanScratch(Workspace workspace, Catalogue catalogue, int queries) =>
        TakeScratch(workspace, ((CpuCatalogue<V>)catalogue).HasCodes ? TwoPassTopK<V, DotTerm>.ScratchFor(queries, catalogue.ColumnCount) : 0);

    /// <summary>The queries as the kernels take them: of length 1 for cosine, as they are otherwise.</summary>
    private static Tensor Prepare(Workspace workspace, Tensor queries, Catalogue catalogue)
    {
        if (catalogue.Options.Similarity != Similarity.Cosine)
            return queries;
        Tensor unit = workspace.Take(queries.RowCount, queries.ColumnCount);
        if (!workspace.IsPlanning)
        {
            UnitLength.Rows(
                Pointer(workspace, queries), queries.Stride, Pointer(workspace, unit), unit.Stride, queries.RowCount, queries.ColumnCount);
        }

        return unit;
    }

    private static void BuildSets(
        Workspace workspace, Indices excluded, Ragged exclusions, int first, int count, int itemCount, int* slots, IdSet* sets)
    {
        ReadOnlySpan<int> offsets = workspace.Span(exclusions.Offsets);
        int* ids = Pointer(workspace, excluded);
        for (int i = 0; i < count; i++)
        {
            int start = offsets[first + i];
            int length = offsets[first + i + 1] - start;
            sets[i] = new IdSet(ids + start, length, itemCount, slots + (nint)IdSet.RoomFor(start));
        }
    }
}
