using SeqInfer.Kernels.Graph;
using SeqInfer.Kernels.Pooling;
using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    protected override Graph CreateGraphCore(
        ReadOnlySpan<int> offsets, ReadOnlySpan<int> columns, int columnCount, ReadOnlySpan<double> weights) =>
        new CpuGraph(this, offsets, columns, columnCount, weights);

    protected override void AggregateCore(Workspace workspace, Tensor input, in Adjacency adjacency, AggregateKind kind, Tensor output)
    {
        NeighbourLists lists = Lists(workspace, adjacency);
        switch (kind)
        {
            case AggregateKind.Sum when lists.Weights != null:
                Aggregate<WeightedSumAggregation>(workspace, in lists, input, output);
                break;
            case AggregateKind.Sum:
                Aggregate<PooledAggregation<SumPooling>>(workspace, in lists, input, output);
                break;
            case AggregateKind.Mean:
                Aggregate<PooledAggregation<MeanPooling>>(workspace, in lists, input, output);
                break;
            case AggregateKind.Max:
                Aggregate<PooledAggregation<MaxPooling>>(workspace, in lists, input, output);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }

    protected override void GraphAttentionCore(
        Workspace workspace, Tensor input, Tensor target, Tensor source, in Adjacency adjacency, float slope, Tensor output)
    {
        using WorkspaceFrame frame = workspace.Frame();
        int longest = adjacency.Graph is CpuGraph graph ? graph.LongestList : adjacency.Rows.Longest;
        Tensor scores = TakeScratch(workspace, longest);
        if (workspace.IsPlanning)
            return;
        NeighbourLists lists = Lists(workspace, adjacency);
        GraphAttentionKernel.Run<V>(
            in lists,
            Pointer(workspace, input),
            input.Stride,
            Pointer(workspace, target),
            target.Stride,
            Pointer(workspace, source),
            source.Stride,
            target.ColumnCount,
            input.ColumnCount / target.ColumnCount,
            slope,
            Pointer(workspace, scores),
            Pointer(workspace, output),
            output.Stride);
    }

    private static void Aggregate<TAggregation>(Workspace workspace, in NeighbourLists lists, Tensor input, Tensor output)
        where TAggregation : struct, IAggregation =>
        AggregateKernel.Run<V, TAggregation>(
            in lists, Pointer(workspace, input), input.Stride, input.ColumnCount, Pointer(workspace, output), output.Stride);

    private static NeighbourLists Lists(Workspace workspace, in Adjacency adjacency)
    {
        if (adjacency.Graph is CpuGraph graph)
            return new NeighbourLists(graph.Offsets, graph.Columns, graph.Weights, graph.RowCount);
        float* weights = adjacency.Weights is { } window ? Pointer(workspace, window) : null;
        return new NeighbourLists(
            Pointer(workspace, adjacency.Rows.Offsets), Pointer(workspace, adjacency.Columns), weights, adjacency.Rows.Count);
    }
}
