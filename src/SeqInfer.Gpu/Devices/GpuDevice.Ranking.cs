using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels;
using SeqInfer.Gpu.Kernels.Gemm;
using SeqInfer.Gpu.Kernels.Ranking;
using SeqInfer.Tensors;

namespace SeqInfer.Gpu.Devices;

internal sealed partial class GpuDevice
{
    // Scores of a block of queries lie in the workspace until the best are selected: so many of them, or those of one query
    private const int ScoreBlock = 1 << 22;

    /// <inheritdoc/>
    protected override void ScoreCore(Workspace workspace, Tensor queries, Catalogue catalogue, Tensor output)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor prepared = TakePrepared(workspace, queries, catalogue);
        if (workspace.IsPlanning)
            return;
        GpuWorkspace arena = Bind(workspace);
        Prepare(arena, queries, prepared);
        ScoreAll(arena, prepared, catalogue, ((GpuCatalogue)catalogue).Packed, output);
    }

    /// <inheritdoc/>
    protected override void ScoreCandidatesCore(
        Workspace workspace, Tensor queries, Catalogue catalogue, Indices candidates, Ragged sequences, Tensor output)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor prepared = TakePrepared(workspace, queries, catalogue);
        if (workspace.IsPlanning)
            return;
        GpuWorkspace arena = Bind(workspace);
        Prepare(arena, queries, prepared);
        PackedWeights items = ((GpuCatalogue)catalogue).Packed;
        if (catalogue.Options.Similarity == Similarity.NegL2Squared)
        {
            Launch(arena, Kernels.CandidateDistances, output, new CandidateBody<NegSquaredDistanceTerm>(
                arena.Window(prepared), arena.Send(sequences), arena.Send(candidates), catalogue.ColumnCount, items, arena.Window(output)));
        }
        else
        {
            Launch(arena, Kernels.Candidates, output, new CandidateBody<DotTerm>(
                arena.Window(prepared), arena.Send(sequences), arena.Send(candidates), catalogue.ColumnCount, items, arena.Window(output)));
        }
    }

    /// <inheritdoc/>
    protected override void TopKCore(
        Workspace workspace, Tensor queries, Catalogue catalogue, int k, Indices excluded, Ragged? exclusions, Indices ids, Tensor scores)
    {
        using WorkspaceFrame frame = workspace.Frame();
        int items = catalogue.RowCount;
        int block = BlockOf(queries.RowCount, items);
        Tensor prepared = TakePrepared(workspace, queries, catalogue);
        Tensor values = workspace.Take(block, items);
        Tensor selected = TakeIntegers(workspace, queries.RowCount, k);
        Tensor list = TakeIntegers(workspace, block, k);
        Tensor candidates = TakeIntegers(workspace, 1, runtime.Selection.MaxCandidates(block, items, k));
        if (workspace.IsPlanning)
            return;
        GpuWorkspace arena = Bind(workspace);
        Prepare(arena, queries, prepared);
        for (int first = 0; first < queries.RowCount; first += block)
        {
            int count = Math.Min(block, queries.RowCount - first);
            Tensor part = values.Rows(0, count);
            ScoreAll(arena, prepared.Rows(first, count), catalogue, ((GpuCatalogue)catalogue).ForSelection, part);
            Select(arena, part, excluded, exclusions, first, candidates, list, selected.Columns(first * k, count * k), scores.Rows(first, count));
        }

        arena.Receive(selected, workspace.Span(ids));
    }

    /// <inheritdoc/>
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
        int block = BlockOf(values.RowCount, values.ColumnCount);
        Tensor visible = workspace.Take(block, values.ColumnCount);
        Tensor selected = TakeIntegers(workspace, values.RowCount, k);
        Tensor list = TakeIntegers(workspace, block, k);
        Tensor candidates = TakeIntegers(workspace, 1, runtime.Selection.MaxCandidates(block, values.ColumnCount, k));
        Indices hidden = workspace.TakeIndices(never.Length);
        if (workspace.IsPlanning)
            return;
        GpuWorkspace arena = Bind(workspace);
        never.AsSpan().CopyTo(workspace.Span(hidden));
        for (int first = 0; first < values.RowCount; first += block)
        {
            int count = Math.Min(block, values.RowCount - first);
            Tensor part = visible.Rows(0, count);
            if (!part.IsEmpty)
                Apply(arena, values.Rows(first, count), Activation.None, part);
            if (never.Length > 0)
            {
                Launch(arena, Kernels.HideEverywhere, count, never.Length, new HideEverywhereBody(
                    arena.Send(hidden), part.ColumnCount, arena.Window(part)));
            }

            Select(arena, part, excluded, exclusions, first, candidates, list, selected.Columns(first * k, count * k), scores.Rows(first, count));
        }

        arena.Receive(selected, workspace.Span(ids));
    }

    /// <inheritdoc/>
    protected override void MergeTopKCore(
        Workspace workspace, int listCount, Indices listIds, Tensor listScores, Indices ids, Tensor scores)
    {
        using WorkspaceFrame frame = workspace.Frame();
        int users = scores.RowCount;
        int k = scores.ColumnCount;
        Tensor marks = workspace.Take(users, checked(listCount * k));
        Tensor selected = TakeIntegers(workspace, users, k);
        if (workspace.IsPlanning)
            return;
        GpuWorkspace arena = Bind(workspace);
        RankedLists lists = new(arena.Send(listIds), arena.Window(listScores), users, listCount, k);
        Launch(arena, Kernels.MergeMark, marks, new MergeMarkBody(
            lists, k, arena.Window(marks), arena.Integers(selected), arena.Window(scores)));
        Launch(arena, Kernels.MergeRank, marks, new MergeRankBody(
            lists, k, arena.Window(marks), arena.Integers(selected), arena.Window(scores)));
        arena.Receive(selected, workspace.Span(ids));
    }

    /// <summary>Room for integers that kernels write, side by side.</summary>
    private static Tensor TakeIntegers(Workspace workspace, int rows, int columns) => workspace.Take(1, checked(rows * columns));

    private static int BlockOf(int rows, int items) => Math.Min(rows, Math.Max(1, ScoreBlock / Math.Max(1, items)));

    /// <summary>Room for the queries as kernels take them: of length 1 for cosine, where they lie otherwise.</summary>
    private static Tensor TakePrepared(Workspace workspace, Tensor queries, Catalogue catalogue) =>
        catalogue.Options.Similarity == Similarity.Cosine ? workspace.Take(queries.RowCount, queries.ColumnCount) : queries;

    private void Prepare(GpuWorkspace arena, Tensor queries, Tensor prepared)
    {
        if (prepared != queries && !queries.IsEmpty)
            NormalizeL2(arena, queries, prepared);
    }

    private void ScoreAll(GpuWorkspace arena, Tensor queries, Catalogue catalogue, in PackedWeights items, Tensor output)
    {
        if (output.IsEmpty)
            return;
        Epilogue epilogue = new(ActivationKind.None, 0, 0, arena.Window(null), arena.Window(output));
        if (catalogue.Options.Similarity == Similarity.NegL2Squared)
            Distances(arena, queries, items, epilogue, output);
        else
            Multiply(arena, queries, items, epilogue, output);
    }

    /// <summary>Hides what a block of rows must not return and selects from the rest.</summary>
    private void Select(
        GpuWorkspace arena,
        Tensor values,
        Indices excluded,
        Ragged? exclusions,
        int firstRow,
        Tensor candidates,
        Tensor list,
        Tensor ids,
        Tensor scores)
    {
        if (exclusions is { } lists && excluded.Count > 0)
        {
            Launch(arena, Kernels.HideLists, excluded.Count, 1, new HideListsBody(
                arena.Send(excluded), arena.Send(lists), firstRow, values.RowCount, values.ColumnCount, arena.Window(values)));
        }

        int parts = runtime.Selection.PartsOf(values.RowCount, values.ColumnCount, scores.ColumnCount);
        if (parts > 1)
        {
            int partGroups = Math.Min(values.RowCount * parts, runtime.MaxGroups);
            Kernels.SelectPart.Launch(arena.Stream, new ILGPU.Index2D(partGroups, 1), runtime.GroupSize, new SelectPartArgs(
                arena.Window(values), values.RowCount, values.ColumnCount, parts, scores.ColumnCount, arena.Integers(candidates)));
        }

        SelectArgs args = new(
            arena.Window(values),
            values.RowCount,
            values.ColumnCount,
            arena.Integers(candidates),
            parts > 1 ? parts * scores.ColumnCount : 0,
            scores.ColumnCount,
            arena.Integers(list),
            arena.Integers(ids),
            arena.Window(scores));
        int groups = Math.Min(values.RowCount, runtime.MaxGroups);
        Kernels.Select.Launch(arena.Stream, new ILGPU.Index2D(groups, 1), runtime.GroupSize, args);
    }
}
