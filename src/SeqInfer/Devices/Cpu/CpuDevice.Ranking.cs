using System.Collections.Immutable;
using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Kernels;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Ranking;
using SeqInfer.Kernels.Ranking.Codes;
using SeqInfer.Kernels.Recurrent;
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
        WorkerScratch scratch = TakePanelScratch(workspace, catalogue);
        if (workspace.IsPlanning)
            return;
        ScoreJob job = new(
            ((CpuCatalogue<V>)catalogue).Vectors, IsDistance(catalogue), Rows(workspace, prepared), prepared.RowCount,
            scratch.In(workspace), Rows(workspace, output));
        Split(ref job, Panel<V>.CountFor(catalogue.RowCount), ScanCost(catalogue, prepared.RowCount) + (output.ElementCount * Cost.Simple));
    }

    protected override void ScoreCandidatesCore(
        Workspace workspace, Tensor queries, Catalogue catalogue, Indices candidates, Ragged sequences, Tensor output)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor prepared = Prepare(workspace, queries, catalogue);
        WorkerScratch scratch = TakeWorkerScratch(workspace, CandidateKernel<V, Float32Storage>.ScratchFor(catalogue.ColumnCount));
        if (workspace.IsPlanning)
            return;
        CandidateJob job = new(
            ((CpuCatalogue<V>)catalogue).Vectors, IsDistance(catalogue), Rows(workspace, prepared), Pointer(workspace, candidates),
            Pointer(workspace, sequences.Offsets), sequences.Count, scratch.In(workspace), Rows(workspace, output));
        Split(ref job, job.BlockCount, GatherCost(candidates.Count, catalogue.ColumnCount));
    }

    protected override void TopKCore(
        Workspace workspace, Tensor queries, Catalogue catalogue, int k, Indices excluded, Ragged? exclusions, Indices ids, Tensor scores)
    {
        using WorkspaceFrame frame = workspace.Frame();
        int kept = Math.Clamp(k, 1, Math.Max(1, catalogue.RowCount));
        int block = Math.Min(QueryBlock, queries.RowCount);
        Tensor prepared = Prepare(workspace, queries, catalogue);
        int ranges = TopKRanges;
        Tensor keyScratch = TakeScratch(workspace, checked(ranges * block * TopKList.RoomFor(kept) * (sizeof(long) / sizeof(float))));
        Tensor listScratch = TakeScratch(workspace, ranges * block * (long)sizeof(TopKList) / sizeof(float));
        Tensor setScratch = TakeScratch(workspace, block * (long)sizeof(IdSet) / sizeof(float));
        Indices slotScratch = workspace.TakeIndices(exclusions is null ? 0 : IdSet.RoomFor(excluded.Count));
        WorkerScratch scanScratch = TakeScanScratch(workspace, catalogue, block);
        if (workspace.IsPlanning)
            return;

        long* keys = (long*)Pointer(workspace, keyScratch);
        TopKList* lists = (TopKList*)Pointer(workspace, listScratch);
        IdSet* sets = exclusions is null ? null : (IdSet*)Pointer(workspace, setScratch);
        for (int first = 0; first < queries.RowCount; first += block)
        {
            int count = Math.Min(block, queries.RowCount - first);
            if (exclusions is { } ragged)
                BuildSets(workspace, excluded, ragged, first, count, catalogue.RowCount, Pointer(workspace, slotScratch), sets);
            double cost = ScanCost(catalogue, count);
            int used = cost < _splitFrom ? 1 : ranges;
            for (int i = 0; i < used * count; i++)
                lists[i] = new TopKList(keys + (i * TopKList.RoomFor(kept)), kept);

            Tensor rows = prepared.Rows(first, count);
            TopKQueries asked = new()
            {
                Rows = Pointer(workspace, rows),
                Stride = rows.Stride,
                Count = count,
                Lists = lists,
                Excluded = sets,
            };
            TopKJob job = new((CpuCatalogue<V>)catalogue, asked, kept, used, scanScratch.In(workspace));
            Split(ref job, used, cost);
            for (int i = count; i < used * count; i++)
                lists[i % count].Merge(in lists[i]);

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
        WorkerScratch keyScratch = TakeWorkerScratch(workspace, checked(TopKList.RoomFor(kept) * (sizeof(long) / sizeof(float))));
        Indices slotScratch = workspace.TakeIndices(exclusions is null ? 0 : IdSet.RoomFor(excluded.Count));
        if (workspace.IsPlanning)
            return;
        SelectJob job = new(Rows(workspace, values), values.ColumnCount, k, kept, keyScratch.In(workspace))
        {
            Never = never,
            Excluded = exclusions is null ? null : Pointer(workspace, excluded),
            ExcludedOffsets = exclusions is { } ragged ? Pointer(workspace, ragged.Offsets) : null,
            Slots = Pointer(workspace, slotScratch),
            Ids = Pointer(workspace, ids),
            Scores = Rows(workspace, scores),
        };
        Split(ref job, values.RowCount, values.ElementCount * Cost.Simple);
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

    // Each range of items has lists of its own, since a list takes items in the order of their ids; more of them than threads even out
    private int TopKRanges => _team is null ? 1 : 2 * Threads;

    private static bool IsDistance(Catalogue catalogue) => catalogue.Options.Similarity == Similarity.NegL2Squared;

    private static double ScanCost(Catalogue catalogue, int queries) =>
        (double)catalogue.RowCount * catalogue.ColumnCount * (Cost.Weight + (queries * Cost.MultiplyAdd));

    private WorkerScratch TakePanelScratch(Workspace workspace, Catalogue catalogue) =>
        TakeWorkerScratch(workspace, ((CpuCatalogue<V>)catalogue).HasCodes ? ItemVectors.ScratchFor<V>(catalogue.ColumnCount) : 0);

    private WorkerScratch TakeScanScratch(Workspace workspace, Catalogue catalogue, int queries) => TakeWorkerScratch(
        workspace, ((CpuCatalogue<V>)catalogue).HasCodes ? TwoPassTopK<V, Float32Storage>.ScratchFor(queries, catalogue.ColumnCount) : 0);

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
        int* offsets = Pointer(workspace, exclusions.Offsets);
        int* ids = Pointer(workspace, excluded);
        for (int i = 0; i < count; i++)
            sets[i] = SetOf(ids, offsets, first + i, itemCount, slots);
    }

    // Every list has a place of its own in the slots, which follows from its offset
    private static IdSet SetOf(int* ids, int* offsets, int list, int itemCount, int* slots)
    {
        int start = offsets[list];
        return new IdSet(ids + start, offsets[list + 1] - start, itemCount, slots + (nint)IdSet.RoomFor(start));
    }

    // An item is a panel
    private readonly struct ScoreJob(ItemVectors items, bool isDistance, StridedRows queries, int count, WorkerMemory scratch, StridedRows y)
        : IParallelJob
    {
        public void Run(int begin, int end, int worker)
        {
            if (isDistance) Run<DistanceStorage>(begin, end, worker);
            else Run<Float32Storage>(begin, end, worker);
        }

        private void Run<TStorage>(int begin, int end, int worker)
            where TStorage : struct, IWeightStorage =>
            ScoreKernel<V, TStorage>.Run(items, queries.First, queries.Stride, count, begin, end, scratch.Of(worker), y.First, y.Stride);
    }

    // An item is a block of candidates, which may belong to several queries
    private readonly struct CandidateJob(
        ItemVectors items, bool isDistance, StridedRows queries, int* candidates, int* offsets, int sequences, WorkerMemory scratch, StridedRows y)
        : IParallelJob
    {
        private const int BlockLength = 64;

        public int BlockCount => (offsets[sequences] - offsets[0] + BlockLength - 1) / BlockLength;

        public void Run(int begin, int end, int worker)
        {
            int from = offsets[0] + (begin * BlockLength);
            int to = Math.Min(offsets[0] + (end * BlockLength), offsets[sequences]);
            for (int s = 0; s < sequences && offsets[s] < to; s++)
            {
                int first = Math.Max(from, offsets[s]);
                int count = Math.Min(to, offsets[s + 1]) - first;
                if (count <= 0)
                    continue;
                if (isDistance) Run<DistanceStorage>(s, first, count, worker);
                else Run<Float32Storage>(s, first, count, worker);
            }
        }

        private void Run<TStorage>(int sequence, int first, int count, int worker)
            where TStorage : struct, IWeightStorage => CandidateKernel<V, TStorage>.Run(
            items, queries.Row(sequence), candidates + first, count, scratch.Of(worker), y.Row(first), y.Stride);
    }

    // An item is a range of the catalogue's panels with lists of its own
    private readonly struct TopKJob(CpuCatalogue<V> catalogue, TopKQueries queries, int k, int ranges, WorkerMemory scratch) : IParallelJob
    {
        public void Run(int begin, int end, int worker)
        {
            int panels = Panel<V>.CountFor(catalogue.Vectors.ItemCount);
            for (int range = begin; range < end; range++)
            {
                int first = (int)((long)range * panels / ranges);
                int last = (int)((long)(range + 1) * panels / ranges);
                TopKQueries own = queries with { Lists = queries.Lists + (range * queries.Count) };
                if (IsDistance(catalogue)) Scan<DistanceStorage>(own, first, last, scratch.Of(worker));
                else Scan<Float32Storage>(own, first, last, scratch.Of(worker));
            }
        }

        private void Scan<TStorage>(in TopKQueries own, int first, int last, float* memory)
            where TStorage : struct, IWeightStorage
        {
            if (catalogue.HasCodes)
                TwoPassTopK<V, TStorage>.Scan(catalogue.Vectors, catalogue.Codes, own, k, IsDistance(catalogue), first, last, memory);
            else
                TopKKernel<V, TStorage>.Scan(catalogue.Vectors, own, first, last, memory);
        }
    }

    // An item is a row of scores
    private readonly struct SelectJob(StridedRows values, int columns, int k, int kept, WorkerMemory keys) : IParallelJob
    {
        public required ImmutableArray<int> Never { get; init; }

        public required int* Excluded { get; init; }

        public required int* ExcludedOffsets { get; init; }

        public required int* Slots { get; init; }

        public required int* Ids { get; init; }

        public required StridedRows Scores { get; init; }

        public void Run(int begin, int end, int worker)
        {
            for (int row = begin; row < end; row++)
            {
                TopKList list = new((long*)keys.Of(worker), kept);
                IdSet set = Excluded == null ? default : SetOf(Excluded, ExcludedOffsets, row, columns, Slots);
                SelectKernel<V>.Scan(values.Row(row), columns, Never.AsSpan(), &set, &list);
                list.Finish(Ids + ((nint)row * k), Scores.Row(row), k);
            }
        }
    }
}
