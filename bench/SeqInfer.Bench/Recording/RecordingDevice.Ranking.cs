using System.Collections.Immutable;
using SeqInfer.Bench.Onnx;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Bench.Recording;

internal sealed partial class RecordingDevice
{
    protected override void ScoreCore(Workspace workspace, Tensor queries, Catalogue catalogue, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        var items = (RecordedCatalogue)catalogue;
        Set(workspace, output, Layout.Flat, Scores(At(workspace, queries), items, [.. Enumerable.Range(0, items.RowCount)]));
    }

    protected override void ScoreCandidatesCore(
        Workspace workspace, Tensor queries, Catalogue catalogue, Indices candidates, Ragged sequences, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        var items = (RecordedCatalogue)catalogue;
        RequireDot(items);
        int count = LengthOf(workspace, sequences);
        string ids = Inputs.Ids(workspace.Span(candidates), out _)
            ?? throw new RecordingException("candidates are scored that are no input of the request");
        string chosen = _graph.Node("Gather", [Constants.Matrix(items.Items), ids]);
        string query = Reshape(At(workspace, queries).As(Layout.Flat), -1, items.ColumnCount, 1);
        string scores = Reshape(_graph.Node("MatMul", [chosen, query]), -1, count);
        if (items.Bias is not null)
            scores = _graph.Node("Add", [scores, _graph.Node("Gather", [Constants.Vector(items.Bias), ids])]);
        Set(workspace, output, Layout.Flat, Reshape(scores, -1, 1));
    }

    protected override void TopKCore(
        Workspace workspace, Tensor queries, Catalogue catalogue, int k, Indices excluded, Ragged? exclusions, Indices ids, Tensor scores)
    {
        if (IsIdle(workspace))
            return;
        if (exclusions is not null)
            throw new RecordingException("exclusions of a request are not recorded");
        var items = (RecordedCatalogue)catalogue;
        int[] kept = [.. Enumerable.Range(0, items.RowCount).Except(items.Options.ExcludedIds)];
        Select(workspace, Scores(At(workspace, queries), items, kept), kept, items.RowCount, k, ids, scores);
    }

    protected override void SelectTopKCore(
        Workspace workspace, Tensor values, int k, ImmutableArray<int> never, Indices excluded, Ragged? exclusions, Indices ids, Tensor scores)
    {
        if (IsIdle(workspace))
            return;
        if (exclusions is not null)
            throw new RecordingException("exclusions of a request are not recorded");
        int[] kept = [.. Enumerable.Range(0, values.ColumnCount).Except(never)];
        string candidates = At(workspace, values).As(Layout.Flat);
        if (kept.Length < values.ColumnCount)
            candidates = _graph.Node("Gather", [candidates, _graph.Ints([.. kept.Select(id => (long)id)])], new OnnxAttribute("axis", 1L));
        Select(workspace, candidates, kept, values.ColumnCount, k, ids, scores);
    }

    private void Select(Workspace workspace, string candidates, int[] kept, int total, int k, Indices ids, Tensor scores)
    {
        string[] best = _graph.Node("TopK", [candidates, _graph.Ints(k)], 2);
        Set(workspace, scores, Layout.Flat, best[0]);

        // Where rows are left out, places among those that are left become ids again.
        string places = best[1];
        ((RecordingWorkspace)workspace).IntegerResults[ids] = kept.Length == total
            ? places
            : _graph.Node("Gather", [_graph.Constant([.. kept.Select(id => (long)id)], kept.Length), places]);
    }

    protected override void MergeTopKCore(
        Workspace workspace, int listCount, Indices listIds, Tensor listScores, Indices ids, Tensor scores)
    {
        if (!IsIdle(workspace))
            throw new RecordingException("merged lists are not recorded");
    }

    // The chosen rows of the catalogue, in order.
    private string Scores(Recorded queries, RecordedCatalogue items, int[] kept)
    {
        RequireDot(items);
        bool isWhole = kept.Length == items.RowCount;
        Parameter rows = isWhole ? items.Items : Kept(items.Items, kept);
        Parameter? bias = items.Bias is null || isWhole ? items.Bias : Kept(items.Bias.Transpose(), kept).Transpose();
        return options.Linear == LinearForm.Gemm
            ? Gemm(queries.As(Layout.Flat), rows, bias, 0, kept.Length)
            : MatMulAdd(queries.As(Layout.Flat), rows, bias, 0, kept.Length);
    }

    private static Parameter Kept(Parameter rows, int[] kept)
    {
        float[] values = new float[kept.Length * rows.Columns];
        for (int i = 0; i < kept.Length; i++)
            rows.CopyRow(kept[i], values.AsSpan(i * rows.Columns, rows.Columns));
        return Parameter.FromValues(rows.Name, kept.Length, rows.Columns, values);
    }

    private static void RequireDot(RecordedCatalogue items)
    {
        if (items.Options.Similarity != Similarity.Dot)
            throw new RecordingException($"only scores by inner product are recorded, not {items.Options.Similarity}");
    }
}
