using SeqInfer.Bench.Onnx;
using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Recording;

internal sealed partial class RecordingDevice
{
    protected override void ScoreCore(Workspace workspace, Tensor queries, Catalogue catalogue, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        var items = (RecordedCatalogue)catalogue;
        string weight = Constants.Matrix(items.Items);
        string? bias = items.Bias is null ? null : Constants.Vector(items.Bias);
        Set(workspace, output, Layout.Flat, Scores(At(workspace, queries), items, weight, bias));
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
        string[] best = _graph.Node("TopK", [KeptScores(At(workspace, queries), items, kept), _graph.Ints(k)], 2);
        Set(workspace, scores, Layout.Flat, best[0]);

        // Where rows are left out, places among those that are left become ids again.
        string places = best[1];
        ((RecordingWorkspace)workspace).IntegerResults[ids] = kept.Length == items.RowCount
            ? places
            : _graph.Node("Gather", [_graph.Constant([.. kept.Select(id => (long)id)], kept.Length), places]);
    }

    protected override void MergeTopKCore(
        Workspace workspace, int listCount, Indices listIds, Tensor listScores, Indices ids, Tensor scores)
    {
        if (!IsIdle(workspace))
            throw new RecordingException("merged lists are not recorded");
    }

    private string KeptScores(Recorded queries, RecordedCatalogue items, int[] kept)
    {
        bool isWhole = kept.Length == items.RowCount;
        string weight = isWhole
            ? Constants.Matrix(items.Items)
            : Constants.Get(items.Items, "kept", () => _graph.Constant(
                [.. kept.SelectMany(id => items.Items.SliceRows(id, 1).ToFloatArray())], kept.Length, items.ColumnCount));
        string? bias = items.Bias is null ? null : isWhole
            ? Constants.Vector(items.Bias)
            : Constants.Get(items.Bias, "kept", () => _graph.Constant([.. kept.Select(id => (float)items.Bias[0, id])], kept.Length));
        return Scores(queries, items, weight, bias);
    }

    private string Scores(Recorded queries, RecordedCatalogue items, string weight, string? bias)
    {
        RequireDot(items);
        string q = queries.As(Layout.Flat);
        return bias is null
            ? _graph.Node("Gemm", [q, weight], new OnnxAttribute("transB", 1L))
            : _graph.Node("Gemm", [q, weight, bias], new OnnxAttribute("transB", 1L));
    }

    private static void RequireDot(RecordedCatalogue items)
    {
        if (items.Options.Similarity != Similarity.Dot)
            throw new RecordingException($"only scores by inner product are recorded, not {items.Options.Similarity}");
    }
}
