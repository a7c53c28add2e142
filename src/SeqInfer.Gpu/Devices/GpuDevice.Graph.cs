using System.Numerics;
using ILGPU;
using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels.Elementwise;
using SeqInfer.Gpu.Kernels.Graph;
using SeqInfer.Gpu.Kernels.Rows;
using SeqInfer.Gpu.Runtime;
using SeqInfer.Tensors;

namespace SeqInfer.Gpu.Devices;

internal sealed partial class GpuDevice
{
    /// <inheritdoc/>
    protected override void AggregateCore(Workspace workspace, Tensor input, in Adjacency adjacency, AggregateKind kind, Tensor output)
    {
        GpuWorkspace arena = Bind(workspace);
        Neighbours neighbours = NeighboursOf(arena, adjacency);
        Aggregate(arena, Kernels.Aggregate, Kernels.Groups?.Aggregate, input, neighbours, OrderOf(arena, adjacency), kind, output);
    }

    /// <inheritdoc/>
    protected override void GraphAttentionCore(
        Workspace workspace, Tensor input, Tensor target, Tensor source, in Adjacency adjacency, float slope, Tensor output)
    {
        if (workspace.IsPlanning)
            return;
        GpuWorkspace arena = Bind(workspace);
        int heads = target.ColumnCount;
        GraphAttentionOperands operands = new(
            arena.Window(target), arena.Window(source), NeighboursOf(arena, adjacency), heads, input.ColumnCount / heads, slope);
        if (Kernels.Groups is not { } groups)
        {
            Launch(arena, Kernels.GraphAttention, output, new GraphAttentionBody(arena.Window(input), operands, arena.Window(output)));
            return;
        }

        NodeOrder order = OrderOf(arena, adjacency);
        int quads = DivideUp(operands.HeadSize, Quad);
        int headsOfPass = Math.Clamp(SharedLanes.Width / quads, 1, 1 << GroupGraphAttentionKernel.MaxHeadShift);
        int headShift = Math.Min(BitOperations.Log2((uint)headsOfPass), LogUp(heads));
        int passes = DivideUp(heads, 1 << headShift) * DivideUp(quads, SharedLanes.Width);
        int nodes = order.HeavyCount + DivideUp(order.Count - order.HeavyCount, runtime.GroupSize / SharedLanes.Width);
        groups.GraphAttention.Launch(
            arena.Stream,
            new Index2D(Math.Min(nodes, MaxGroupsX), passes),
            runtime.GroupSize,
            new GroupGraphAttentionArgs(arena.Quads(input), operands, order, headShift, arena.Quads(output)));
    }

    /// <summary>Rows that belong together become one; all versions give the same bits.</summary>
    private void Aggregate<TEdges>(
        GpuWorkspace arena,
        Kernel<ElementArgs<AggregateBody<TEdges>>> plain,
        Kernel<GroupAggregateArgs<TEdges>>? group,
        Tensor input,
        TEdges edges,
        in NodeOrder order,
        AggregateKind kind,
        Tensor output)
        where TEdges : struct, IEdges
    {
        if (group is null)
        {
            Launch(arena, plain, output, new AggregateBody<TEdges>(arena.Window(input), edges, kind, arena.Window(output)));
            return;
        }

        int laneShift = Math.Min(LogUp(DivideUp(output.ColumnCount, Quad)), BitOperations.Log2(SharedLanes.Width));
        int parts = DivideUp(output.ColumnCount, Quad << GroupAggregateKernel<TEdges>.SharedLaneShift);
        int light = DivideUp(order.Count - order.HeavyCount, runtime.GroupSize >> laneShift);
        int groups = (int)Math.Min(((long)order.HeavyCount * parts) + light, MaxGroupsX);
        group.Launch(arena.Stream, new Index2D(groups, 1), runtime.GroupSize, new GroupAggregateArgs<TEdges>(
            arena.Quads(input), edges, order, kind, laneShift, arena.Quads(output)));
    }

    /// <summary>The least n with 2^n not below a positive number.</summary>
    private static int LogUp(int value) => BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)value));

    private static Neighbours NeighboursOf(GpuWorkspace arena, in Adjacency adjacency) => adjacency.Graph is GpuGraph graph
        ? graph.Neighbours
        : new Neighbours(
            arena.Send(adjacency.Rows.Offsets),
            arena.Send(adjacency.Columns),
            arena.Window(adjacency.Weights).Data,
            adjacency.Weights is null ? 0 : 1);

    private static NodeOrder OrderOf(GpuWorkspace arena, in Adjacency adjacency) =>
        adjacency.Graph is GpuGraph graph ? graph.Order : OrderOf(arena, adjacency.Rows);

    /// <summary>Lists of a request as they stand.</summary>
    private static NodeOrder OrderOf(GpuWorkspace arena, Ragged lists) =>
        new(arena.Send(default(Indices)), 0, lists.Count, 0, lists.Longest > EdgeBlocks.HeavyDegree ? 1 : 0);
}
