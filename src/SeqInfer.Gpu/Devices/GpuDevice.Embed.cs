using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels.Elementwise;
using SeqInfer.Tensors;

namespace SeqInfer.Gpu.Devices;

internal sealed partial class GpuDevice
{
    /// <inheritdoc/>
    protected override void EmbedCore(
        Workspace workspace, Indices ids, Table table, float scale, Indices positions, Table? positionTable, Tensor output)
    {
        GpuWorkspace arena = Bind(workspace);
        GpuTable rows = (GpuTable)table;
        if (positionTable is not GpuTable places)
        {
            Launch(arena, Kernels.Embed, output, new EmbedBody(rows.Window, arena.Send(ids), scale, arena.Window(output)));
            return;
        }

        Launch(arena, Kernels.EmbedPositions, output, new EmbedPositionsBody(
            rows.Window, arena.Send(ids), scale, places.Window, arena.Send(positions), arena.Window(output)));
    }

    /// <inheritdoc/>
    protected override void EmbedBagCore(Workspace workspace, Indices ids, Ragged bags, Table table, Tensor? weights, Tensor output)
    {
        if (workspace.IsPlanning)
            return;
        GpuWorkspace arena = Bind(workspace);
        Launch(arena, Kernels.EmbedBag, output, new EmbedBagBody(
            ((GpuTable)table).Window,
            arena.Send(ids),
            arena.Send(bags),
            arena.Window(weights).Data,
            weights is null ? 0 : 1,
            arena.Window(output)));
    }

    /// <inheritdoc/>
    protected override void GatherRowsCore(Workspace workspace, Tensor input, Indices rows, Tensor output)
    {
        GpuWorkspace arena = Bind(workspace);
        Launch(arena, Kernels.Gather, output, new GatherBody(arena.Window(input), arena.Send(rows), arena.Window(output)));
    }
}
