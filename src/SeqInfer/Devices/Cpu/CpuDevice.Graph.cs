using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Kernels;
using SeqInfer.Kernels.Graph;
using SeqInfer.Kernels.Pooling;
using SeqInfer.Kernels.Recurrent;
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
        WorkerScratch scores = TakeWorkerScratch(workspace, GraphAttentionKernel.ScratchFloats(longest, target.ColumnCount));
        if (workspace.IsPlanning)
            return;
        GraphAttentionJob job = new(
            Lists(workspace, adjacency), Rows(workspace, input), Rows(workspace, target), Rows(workspace, source),
            target.ColumnCount, input.ColumnCount / target.ColumnCount, slope, scores.In(workspace), Rows(workspace, output));
        Split(ref job, job.Shares.Count, EdgeCost(job.Lists, input.ColumnCount) + (EdgeCount(job.Lists) * target.ColumnCount * Cost.Softmax));
    }

    private void Aggregate<TAggregation>(Workspace workspace, in NeighbourLists lists, Tensor input, Tensor output)
        where TAggregation : struct, IAggregation
    {
        AggregateJob<TAggregation> job = new(lists, Rows(workspace, input), input.ColumnCount, Rows(workspace, output));
        Split(ref job, job.Shares.Count, EdgeCost(lists, input.ColumnCount));
    }

    private static int EdgeCount(in NeighbourLists lists) => lists.Offsets[lists.Nodes] - lists.Offsets[0];

    private static double EdgeCost(in NeighbourLists lists, int columns) =>
        (lists.Nodes * Cost.Row) + ((double)EdgeCount(lists) * columns * Cost.Gather);

    private static SharePlan SharesOf(in NeighbourLists lists) => new(lists.Offsets, lists.Nodes, perList: 1);

    private static NeighbourLists Lists(Workspace workspace, in Adjacency adjacency)
    {
        if (adjacency.Graph is CpuGraph graph)
            return new NeighbourLists(graph.Offsets, graph.Columns, graph.Weights, graph.RowCount);
        float* weights = adjacency.Weights is { } window ? Pointer(workspace, window) : null;
        return new NeighbourLists(
            Pointer(workspace, adjacency.Rows.Offsets), Pointer(workspace, adjacency.Columns), weights, adjacency.Rows.Count);
    }

    private readonly struct AggregateJob<TAggregation>(NeighbourLists lists, StridedRows x, int columns, StridedRows y) : IParallelJob
        where TAggregation : struct, IAggregation
    {
        public SharePlan Shares => SharesOf(lists);

        public void Run(int begin, int end, int worker)
        {
            int first = Shares.First(begin);
            AggregateKernel.Run<V, TAggregation>(lists.From(first, Shares.First(end)), x.First, x.Stride, columns, y.Row(first), y.Stride);
        }
    }

    private readonly struct GraphAttentionJob(
        NeighbourLists lists, StridedRows x, StridedRows target, StridedRows source, int heads, int size, float slope,
        WorkerMemory scores, StridedRows y)
        : IParallelJob
    {
        public NeighbourLists Lists => lists;

        public SharePlan Shares => SharesOf(lists);

        public void Run(int begin, int end, int worker)
        {
            int first = Shares.First(begin);
            GraphAttentionKernel.Run<V>(
                lists.From(first, Shares.First(end)), x.First, x.Stride, target.Row(first), target.Stride, source.First, source.Stride,
                heads, size, slope, scores.Of(worker), y.Row(first), y.Stride);
        }
    }
}
