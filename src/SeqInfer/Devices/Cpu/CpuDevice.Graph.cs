using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Kernels;
using SeqInfer.Kernels.Graph;
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
        AggregateDispatch.Visit(
            kind, lists.Weights != null, new AggregateVisitor(this, lists, Rows(workspace, input), input.RowCount, input.ColumnCount, Rows(workspace, output)));
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
            Lists(workspace, adjacency), Rows(workspace, input), input.RowCount, Rows(workspace, target), Rows(workspace, source),
            target.ColumnCount, input.ColumnCount / target.ColumnCount, slope, scores.In(workspace), Rows(workspace, output));
        Split(ref job, job.Shares.Count, EdgeCost(job.Lists, input.ColumnCount) + (EdgeCount(job.Lists) * target.ColumnCount * Cost.Softmax));
    }

    private static int EdgeCount(in NeighbourLists lists) => lists.Offsets[lists.Nodes] - lists.Offsets[0];

    private static double EdgeCost(in NeighbourLists lists, int columns) =>
        (lists.Nodes * Cost.Row) + ((double)EdgeCount(lists) * columns * Cost.Gather);

    private static SharePlan SharesOf(in NeighbourLists lists) => new(lists.Offsets, lists.Nodes, perList: 1);

    private static NeighbourLists Lists(Workspace workspace, in Adjacency adjacency)
    {
        if (adjacency.Graph is CpuGraph graph)
            return new NeighbourLists(graph.Offsets, graph.Columns, graph.Weights, graph.RowCount, (int)graph.EdgeCount);
        float* weights = adjacency.Weights is { } window ? Pointer(workspace, window) : null;
        return new NeighbourLists(
            Pointer(workspace, adjacency.Rows.Offsets), Pointer(workspace, adjacency.Columns), weights, adjacency.Rows.Count, adjacency.Columns.Count);
    }

    private readonly struct AggregateVisitor(
        CpuDevice<V> device, NeighbourLists lists, StridedRows x, int senders, int columns, StridedRows y)
        : IAggregationVisitor
    {
        public void Visit<TAggregation>()
            where TAggregation : struct, IAggregation
        {
            AggregateJob<TAggregation> job = new(lists, x, senders, columns, y);
            device.Split(ref job, job.Shares.Count, EdgeCost(lists, columns));
        }
    }

    private readonly struct AggregateJob<TAggregation>(NeighbourLists lists, StridedRows x, int senders, int columns, StridedRows y) : IParallelJob
        where TAggregation : struct, IAggregation
    {
        public SharePlan Shares => SharesOf(lists);

        public void Run(int begin, int end, int worker)
        {
            int first = Shares.First(begin);
            AggregateKernel.Run<V, TAggregation>(lists.From(first, Shares.First(end)), x.First, x.Stride, senders, columns, y.Row(first), y.Stride);
        }
    }

    private readonly struct GraphAttentionJob(
        NeighbourLists lists, StridedRows x, int senders, StridedRows target, StridedRows source, int heads, int size, float slope,
        WorkerMemory scores, StridedRows y)
        : IParallelJob
    {
        public NeighbourLists Lists => lists;

        public SharePlan Shares => SharesOf(lists);

        public void Run(int begin, int end, int worker)
        {
            int first = Shares.First(begin);
            GraphAttentionKernel.Run<V>(
                lists.From(first, Shares.First(end)), x.First, x.Stride, senders, target.Row(first), target.Stride, source.First, source.Stride,
                heads, size, slope, scores.Of(worker), y.Row(first), y.Stride);
        }
    }
}
