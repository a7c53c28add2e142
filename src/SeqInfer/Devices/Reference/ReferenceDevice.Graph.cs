using SeqInfer.Tensors;

namespace SeqInfer.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected override Graph CreateGraphCore(
        ReadOnlySpan<int> offsets, ReadOnlySpan<int> columns, int columnCount, ReadOnlySpan<double> weights) =>
        new ReferenceGraph(this, offsets.ToArray(), columns.ToArray(), columnCount, weights.IsEmpty ? null : weights.ToArray());

    /// <inheritdoc/>
    protected override void AggregateCore(Workspace workspace, Tensor input, in Adjacency adjacency, AggregateKind kind, Tensor output)
    {
        Matrix x = At(workspace, input);
        Matrix y = At(workspace, output);
        for (int node = 0; node < y.RowCount; node++)
        {
            (int Neighbour, double Weight)[] edges = EdgesOf(workspace, adjacency, node);
            for (int column = 0; column < y.ColumnCount; column++)
                y[node, column] = AggregateColumn(x, edges, column, kind);
        }
    }

    /// <inheritdoc/>
    protected override void GraphAttentionCore(
        Workspace workspace, Tensor input, Tensor target, Tensor source, in Adjacency adjacency, float slope, Tensor output)
    {
        if (workspace.IsPlanning)
            return;
        Matrix x = At(workspace, input);
        Matrix own = At(workspace, target);
        Matrix other = At(workspace, source);
        Matrix y = At(workspace, output);
        int heads = own.ColumnCount;
        int size = x.ColumnCount / heads;
        for (int node = 0; node < y.RowCount; node++)
        {
            (int Neighbour, double Weight)[] edges = EdgesOf(workspace, adjacency, node);
            for (int head = 0; head < heads; head++)
            {
                double[] weights = Softmax(Array.ConvertAll(edges, edge =>
                {
                    double score = own[node, head] + other[edge.Neighbour, head];
                    return score > 0 ? score : slope * score;
                }));
                for (int column = head * size; column < (head + 1) * size; column++)
                {
                    double sum = 0;
                    for (int e = 0; e < edges.Length; e++)
                        sum += weights[e] * x[edges[e].Neighbour, column];
                    y[node, column] = sum;
                }
            }
        }
    }

    private static double AggregateColumn(Matrix x, (int Neighbour, double Weight)[] edges, int column, AggregateKind kind)
    {
        if (edges.Length == 0)
            return 0;
        return kind switch
        {
            AggregateKind.Sum => edges.Sum(edge => edge.Weight * x[edge.Neighbour, column]),
            AggregateKind.Mean => edges.Sum(edge => x[edge.Neighbour, column]) / edges.Length,
            AggregateKind.Max => edges.Max(edge => x[edge.Neighbour, column]),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }

    /// <summary>The neighbours of a node, in their order, with the weight of the edge: 1 where edges have none.</summary>
    private static (int Neighbour, double Weight)[] EdgesOf(Workspace workspace, Adjacency adjacency, int node)
    {
        if (adjacency.Graph is ReferenceGraph graph)
        {
            int first = graph.Offsets[node];
            return [.. Enumerable.Range(first, graph.Offsets[node + 1] - first).Select(e => (graph.Columns[e], graph.Weights?[e] ?? 1))];
        }

        int[] offsets = workspace.Span(adjacency.Rows.Offsets).ToArray();
        int[] columns = workspace.Span(adjacency.Columns).ToArray();
        return [.. Enumerable.Range(offsets[node], offsets[node + 1] - offsets[node])
            .Select(e => (columns[e], adjacency.Weights is { } weights ? At(workspace, weights)[e, 0] : 1))];
    }
}

/// <summary>A graph in host memory.</summary>
internal sealed class ReferenceGraph(Device device, int[] offsets, int[] columns, int columnCount, double[]? weights)
    : Graph(device, offsets.Length - 1, columnCount, columns.Length, weights is not null)
{
    public int[] Offsets { get; } = offsets;

    public int[] Columns { get; } = columns;

    public double[]? Weights { get; } = weights;

    public override long ByteCount => (4L * Offsets.Length) + (4L * Columns.Length) + (8L * (Weights?.Length ?? 0));
}
