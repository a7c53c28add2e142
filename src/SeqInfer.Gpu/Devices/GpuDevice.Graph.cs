using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels.Graph;
using SeqInfer.Tensors;

namespace SeqInfer.Gpu.Devices;

internal sealed partial class GpuDevice
{
    /// <inheritdoc/>
    protected override void AggregateCore(Workspace workspace, Tensor input, in Adjacency adjacency, AggregateKind kind, Tensor output)
    {
        GpuWorkspace arena = Bind(workspace);
        Launch(arena, Kernels.Aggregate, output, new AggregateBody(
            arena.Window(input), NeighboursOf(arena, adjacency), kind, arena.Window(output)));
    }

    /// <inheritdoc/>
    protected override void GraphAttentionCore(
        Workspace workspace, Tensor input, Tensor target, Tensor source, in Adjacency adjacency, float slope, Tensor output)
    {
        if (workspace.IsPlanning)
            return;
        GpuWorkspace arena = Bind(workspace);
        Launch(arena, Kernels.GraphAttention, output, new GraphAttentionBody(
            arena.Window(input),
            arena.Window(target),
            arena.Window(source),
            NeighboursOf(arena, adjacency),
            input.ColumnCount / target.ColumnCount,
            slope,
            arena.Window(output)));
    }

    private static Neighbours NeighboursOf(GpuWorkspace arena, in Adjacency adjacency) => adjacency.Graph is GpuGraph graph
        ? graph.Neighbours
        : new Neighbours(
            arena.Send(adjacency.Rows.Offsets),
            arena.Send(adjacency.Columns),
            arena.Window(adjacency.Weights).Data,
            adjacency.Weights is null ? 0 : 1);
}
