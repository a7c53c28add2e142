using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Kernels;
using SeqInfer.Kernels.Embedding;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Graph;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    // Bytes of aggregates that wait for their product: part of a first-level cache, but whole tiles of rows, some of them.
    private const int AggregateBytes = 32 * 1024;
    private const int AggregateTile = 14;
    private const int MinAggregateTiles = 4;

    protected override void AggregateLinearCore(
        Workspace workspace,
        in NodeRows input,
        in Adjacency adjacency,
        AggregateKind kind,
        LinearWeights weights,
        Tensor output,
        Activation activation,
        NodeRows? own)
    {
        using WorkspaceFrame frame = workspace.Frame();
        CpuLinear layer = (CpuLinear)weights;
        NodeRows x = input.Table is CpuTable { DType: DType.F16 } ? new NodeRows(Window(workspace, input)) : input;
        NodeRows? beside = own is { Table: CpuTable { DType: not DType.F32 } } ? new NodeRows(Window(workspace, own.Value)) : own;
        long stride = Workspace.ElementsOf(1, layer.InputSize);
        int height = Math.Min(AggregateRows(stride), output.RowCount);
        WorkerScratch scratch = TakeWorkerScratch(workspace, (height * stride) + layer.ScratchLength(height));
        if (workspace.IsPlanning)
            return;
        NeighbourLists lists = Lists(workspace, adjacency);
        double cost = EdgeCost(lists, x.ColumnCount) + CostOf(layer, output.RowCount, activation);
        AggregateDispatch.Visit(kind, lists.Weights != null, new GraphLinearVisitor(this, cost, new GraphLinear(
            lists, Senders(workspace, x), x.ColumnCount, beside is { } some ? Rows(workspace, some) : default, layer, activation,
            height, (nint)stride, scratch.In(workspace), new LinearOutput(Pointer(workspace, output), output.Stride))));
        GC.KeepAlive(layer);
        GC.KeepAlive(adjacency.Graph);
        GC.KeepAlive(input.Table);
        GC.KeepAlive(own?.Table);
    }

    private static int AggregateRows(long stride) =>
        (int)Math.Max(AggregateBytes / (sizeof(float) * Math.Max(stride, 1)) / AggregateTile, MinAggregateTiles) * AggregateTile;

    private static StridedRows Rows(Workspace workspace, in NodeRows rows) =>
        rows.Table is CpuTable table ? new StridedRows((float*)table.Pointer, table.Stride) : Rows(workspace, rows.Window);

    private static SenderRows Senders(Workspace workspace, in NodeRows rows) => rows.Table is CpuTable { DType: DType.BF16 } table
        ? new(table.Pointer, table.Stride, table.RowCount, true)
        : new(Rows(workspace, rows).First, Rows(workspace, rows).Stride, rows.RowCount, false);

    // Floats or bfloat16; the stride counts elements.
    private readonly struct SenderRows(void* first, nint stride, int count, bool isRounded)
    {
        public void Aggregate<TAggregation>(NeighbourLists lists, int columns, float* y, nint yStride)
            where TAggregation : struct, IAggregation
        {
            if (isRounded)
                AggregateKernel.Run<V, TAggregation, Bf16Rows, ushort>(in lists, (ushort*)first, stride, count, columns, y, yStride);
            else
                AggregateKernel.Run<V, TAggregation>(in lists, (float*)first, stride, count, columns, y, yStride);
        }
    }

    // Aggregates some nodes, then multiplies them while they are in the cache.
    private readonly struct GraphLinear(
        NeighbourLists lists, SenderRows x, int columns, StridedRows own, CpuLinear layer, Activation activation,
        int height, nint stride, WorkerMemory memory, LinearOutput output)
    {
        // In entries of the lists, as gathering a row and multiplying one differ in work.
        public SharePlan Shares => new(lists.Offsets, lists.Nodes, 1 + (int)(layer.OutputSize * Cost.MultiplyAdd / Cost.Gather));

        public void Run<TAggregation>(int first, int end, int worker)
            where TAggregation : struct, IAggregation
        {
            float* aggregates = memory.Of(worker);
            float* scratch = aggregates + (height * stride);
            for (int node = first; node < end; node += height)
            {
                int rows = Math.Min(height, end - node);
                x.Aggregate<TAggregation>(lists.From(node, node + rows), columns, aggregates, stride);
                if (!own.IsNull)
                    CopyKernel<V>.Run(own.Row(node), own.Stride, aggregates + columns, stride, rows, layer.InputSize - columns);
                LinearOutput target = output.At(node, 0);
                layer.Run(aggregates, stride, rows, in target, activation, scratch);
            }
        }
    }

    private readonly struct GraphLinearVisitor(CpuDevice<V> device, double cost, GraphLinear convolution) : IAggregationVisitor
    {
        public void Visit<TAggregation>()
            where TAggregation : struct, IAggregation
        {
            GraphLinearJob<TAggregation> job = new(convolution);
            device.Split(ref job, convolution.Shares.Count, cost);
        }
    }

    private readonly struct GraphLinearJob<TAggregation>(GraphLinear convolution) : IParallelJob
        where TAggregation : struct, IAggregation
    {
        public void Run(int begin, int end, int worker)
        {
            SharePlan shares = convolution.Shares;
            convolution.Run<TAggregation>(shares.First(begin), shares.First(end), worker);
        }
    }
}
