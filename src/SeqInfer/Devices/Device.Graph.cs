using SeqInfer.Tensors;

namespace SeqInfer.Devices;

public abstract partial class Device
{
    /// <summary>Keeps a graph in compressed sparse rows.</summary>
    /// <param name="offsets">rows + 1 offsets, ascending from 0 to the number of edges.</param>
    /// <param name="columns">For every edge, the node it comes from, 0 .. <paramref name="columnCount"/> - 1.</param>
    /// <param name="columnCount">How many nodes send.</param>
    /// <param name="weights">One weight an edge; empty where edges have none.</param>
    /// <exception cref="ArgumentException">Offsets do not ascend, a node is out of range or a length does not fit.</exception>
    public Graph CreateGraph(ReadOnlySpan<int> offsets, ReadOnlySpan<int> columns, int columnCount, ReadOnlySpan<double> weights = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(columnCount);
        if (offsets.IsEmpty || offsets[0] != 0 || offsets[^1] != columns.Length)
            throw new ArgumentException($"offsets must run from 0 to the {columns.Length} edges", nameof(offsets));
        for (int i = 1; i < offsets.Length; i++)
        {
            if (offsets[i] < offsets[i - 1])
                throw new ArgumentException($"offset {i} is {offsets[i]}, less than the one before, {offsets[i - 1]}", nameof(offsets));
        }

        int bad = columns.IndexOfAnyExceptInRange(0, columnCount - 1);
        if (bad >= 0)
            throw new ArgumentException($"edge {bad} comes from node {columns[bad]}, expected 0 .. {columnCount - 1}", nameof(columns));
        if (!weights.IsEmpty && weights.Length != columns.Length)
            throw new ArgumentException($"{weights.Length} weights for {columns.Length} edges", nameof(weights));
        return CreateGraphCore(offsets, columns, columnCount, weights);
    }

    /// <summary>y[i] = the neighbours' rows of node i, aggregated: one step of message passing (sparse matrix times dense matrix).</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="input">[nodes that send, columns].</param>
    /// <param name="adjacency">Who the neighbours are.</param>
    /// <param name="kind">How their rows become one. Only a sum takes edge weights.</param>
    /// <param name="output">[nodes that receive, columns], apart from the input.</param>
    /// <exception cref="ArgumentException">A shape does not fit, a neighbour is not a row of the input or windows overlap.</exception>
    public void Aggregate(Workspace workspace, Tensor input, in Adjacency adjacency, AggregateKind kind, Tensor output)
    {
        Begin(workspace);
        workspace.Check(input, nameof(input));
        int rows = CheckAdjacency(workspace, adjacency, input.RowCount);
        CheckOutput(workspace, output, rows, input.ColumnCount);
        CheckApart(input, output);
        CheckApart(adjacency.Weights, (Tensor?)output);
        CheckAggregate(adjacency, kind);
        if (!workspace.IsPlanning && !output.IsEmpty)
            AggregateCore(workspace, input, adjacency, kind, output);
    }

    /// <summary>
    /// Graph attention (Velickovic et al. 2018): y[i] = sum over neighbours j of softmax_j(leaky_relu(target[i] + source[j])) * x[j], head by head.
    /// A node without neighbours gets zeros.
    /// </summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="input">[nodes that send, heads * size].</param>
    /// <param name="target">[nodes that receive, heads]: the receiving node's part of the score.</param>
    /// <param name="source">[nodes that send, heads]: the sending node's part of the score.</param>
    /// <param name="adjacency">Who the neighbours are; without edge weights.</param>
    /// <param name="slope">Negative slope of the leaky ReLU.</param>
    /// <param name="output">[nodes that receive, heads * size], apart from all inputs.</param>
    /// <exception cref="ArgumentException">A shape does not fit, a neighbour is not a row of the input or windows overlap.</exception>
    public void GraphAttention(
        Workspace workspace, Tensor input, Tensor target, Tensor source, in Adjacency adjacency, float slope, Tensor output)
    {
        Begin(workspace);
        workspace.Check(input, nameof(input));
        int rows = CheckAdjacency(workspace, adjacency, input.RowCount);
        int heads = target.ColumnCount;
        CheckInput(workspace, target, rows, heads, nameof(target));
        CheckInput(workspace, source, input.RowCount, heads, nameof(source));
        CheckOutput(workspace, output, rows, input.ColumnCount);
        CheckApart(input, output);
        CheckApart(target, output);
        CheckApart(source, output);
        if (heads < 1 || input.ColumnCount % heads != 0)
            throw new ArgumentException($"{input.ColumnCount} columns cannot be split into {heads} heads", nameof(target));
        if (adjacency.Weights is not null || adjacency.Graph is { IsWeighted: true })
            throw new ArgumentException("attention takes no edge weights", nameof(adjacency));
        if (!output.IsEmpty)
            GraphAttentionCore(workspace, input, target, source, adjacency, slope, output);
    }

    /// <summary>Copies a checked graph.</summary>
    protected abstract Graph CreateGraphCore(
        ReadOnlySpan<int> offsets, ReadOnlySpan<int> columns, int columnCount, ReadOnlySpan<double> weights);

    /// <summary>Aggregates checked windows.</summary>
    protected abstract void AggregateCore(Workspace workspace, Tensor input, in Adjacency adjacency, AggregateKind kind, Tensor output);

    /// <summary>Computes checked graph attention. While planning, it only takes its scratch.</summary>
    protected abstract void GraphAttentionCore(
        Workspace workspace, Tensor input, Tensor target, Tensor source, in Adjacency adjacency, float slope, Tensor output);

    private static void CheckAggregate(in Adjacency adjacency, AggregateKind kind)
    {
        if (kind != AggregateKind.Sum && (adjacency.Weights is not null || adjacency.Graph is { IsWeighted: true }))
            throw new ArgumentException($"{kind} takes no edge weights", nameof(kind));
    }

    private int CheckAdjacency(Workspace workspace, in Adjacency adjacency, int inputRows)
    {
        if (adjacency.Graph is { } graph)
        {
            Begin(workspace, graph);
            if (graph.ColumnCount != inputRows)
                throw new ArgumentException($"the graph has {graph.ColumnCount} sending nodes, the input {inputRows} rows", nameof(adjacency));
            return graph.RowCount;
        }

        CheckRagged(workspace, adjacency.Rows, "neighbours");
        workspace.Check(adjacency.Columns, "neighbours");
        if (adjacency.Columns.Count != adjacency.Rows.RowCount)
            throw new ArgumentException($"{adjacency.Columns.Count} neighbours, but the offsets end at {adjacency.Rows.RowCount}", nameof(adjacency));
        CheckInput(workspace, adjacency.Weights, adjacency.Columns.Count, 1, "edge weights");
        if (adjacency.Weights is { Stride: not 1 })
            throw new ArgumentException("edge weights must lie without gaps: take them as a window of their own", nameof(adjacency));
        if (!workspace.IsPlanning)
        {
            int bad = workspace.Span(adjacency.Columns).IndexOfAnyExceptInRange(0, inputRows - 1);
            if (bad >= 0)
                throw new ArgumentException($"neighbour {bad} is {workspace.Span(adjacency.Columns)[bad]}, expected 0 .. {inputRows - 1}", nameof(adjacency));
        }

        return adjacency.Rows.Count;
    }
}
