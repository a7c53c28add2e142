using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Recording;

/// <remarks>Every row of one matrix with every row of another: [outer, inner, columns], in which ONNX repeats rows itself.</remarks>
internal sealed partial class RecordingDevice
{
    protected override void CombineRowsCore(
        Workspace workspace, Tensor left, Indices leftRows, Tensor right, Indices rightRows, BinaryOperation operation, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        Recorded x = At(workspace, left);
        Recorded y = At(workspace, right);
        if (PairRows.Find(workspace.Span(leftRows), x.RowCount) is not { } ofLeft
            || PairRows.Find(workspace.Span(rightRows), y.RowCount) is not { } ofRight
            || ofLeft.IsOuter == ofRight.IsOuter)
        {
            base.CombineRowsCore(workspace, left, leftRows, right, rightRows, operation, output);
            return;
        }

        string z = _graph.Node(OperatorOf(operation), [Spread(x, ofLeft), Spread(y, ofRight)]);
        Set(workspace, output, Layout.Flat, Reshape(z, -1, output.ColumnCount));
    }

    // [rows, 1, columns] or [1, rows, columns].
    private string Spread(Recorded x, PairRows pairs) => pairs.IsOuter
        ? Reshape(x.As(Layout.Flat), -1, 1, x.ColumnCount)
        : Reshape(x.As(Layout.Flat), 1, -1, x.ColumnCount);

    private string Repeat(Recorded x, PairRows pairs, ReadOnlySpan<int> rows)
    {
        if (options.Broadcast == BroadcastForm.Gather)
            return _graph.Node("Gather", [x.As(Layout.Flat), _graph.Ints([.. rows.ToArray().Select(row => (long)row)])]);
        long[] shape = pairs.IsOuter ? [x.RowCount, pairs.Count, x.ColumnCount] : [pairs.Count, x.RowCount, x.ColumnCount];
        return _graph.Node("Expand", [Spread(x, pairs), _graph.Ints(shape)]);
    }

    // Everybody has the same neighbours, each with a weight of its own: a product of matrices.
    private string SumOfPairs(Workspace workspace, Tensor input, in Adjacency adjacency, AggregateKind kind)
    {
        if (kind != AggregateKind.Sum || adjacency.Weights is not { } weights
            || PairRows.Find(workspace.Span(adjacency.Columns), input.RowCount) is not { IsOuter: false } pairs
            || pairs.Count != adjacency.Rows.Count)
        {
            throw new RecordingException("a graph that comes with the request is not recorded");
        }

        string factors = Reshape(At(workspace, weights).As(Layout.Flat), pairs.Count, input.RowCount);
        return _graph.Node("MatMul", [factors, At(workspace, input).As(Layout.Flat)]);
    }
}
