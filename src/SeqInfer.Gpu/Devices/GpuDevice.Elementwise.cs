using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels.Elementwise;
using SeqInfer.Tensors;

namespace SeqInfer.Gpu.Devices;

internal sealed partial class GpuDevice
{
    /// <inheritdoc/>
    protected override void ApplyCore(Workspace workspace, Tensor input, Activation activation, Tensor output) =>
        Apply(Bind(workspace), input, activation, output);

    /// <inheritdoc/>
    protected override void PReluCore(Workspace workspace, Tensor input, VectorWeights slope, Tensor output)
    {
        GpuWorkspace arena = Bind(workspace);
        Launch(arena, Kernels.PRelu, output, new PReluBody(
            arena.Window(input), ((GpuVector)slope).View, slope.Length == 1 ? 0 : 1, arena.Window(output)));
    }

    /// <inheritdoc/>
    protected override void CombineCore(Workspace workspace, Tensor left, Tensor right, BinaryOperation operation, Tensor output)
    {
        GpuWorkspace arena = Bind(workspace);
        Launch(arena, Kernels.Combine, output, new CombineBody(
            arena.Window(left), arena.Window(right), right.RowCount == 1 ? 0 : 1, operation, arena.Window(output)));
    }

    /// <inheritdoc/>
    protected override void CombineRowsCore(
        Workspace workspace, Tensor left, Indices leftRows, Tensor right, Indices rightRows, BinaryOperation operation, Tensor output)
    {
        if (workspace.IsPlanning)
            return;
        GpuWorkspace arena = Bind(workspace);
        Launch(arena, Kernels.CombineRows, output, new CombineRowsBody(
            arena.Window(left), arena.Send(leftRows), arena.Window(right), arena.Send(rightRows), operation, arena.Window(output)));
    }

    /// <inheritdoc/>
    protected override void FlattenCore(Workspace workspace, Tensor input, int steps, FlattenOrder order, Tensor output)
    {
        GpuWorkspace arena = Bind(workspace);
        bool isTimeFirst = order == FlattenOrder.TimeFirst;
        Launch(arena, Kernels.Flatten, input, new FlattenBody(
            arena.Window(input), steps, isTimeFirst ? input.ColumnCount : 1, isTimeFirst ? 1 : steps, arena.Window(output)));
    }

    /// <inheritdoc/>
    protected override void ScaleRowsCore(Workspace workspace, Tensor input, Tensor factors, Tensor output)
    {
        GpuWorkspace arena = Bind(workspace);
        Launch(arena, Kernels.ScaleRows, output, new ScaleRowsBody(arena.Window(input), arena.Window(factors), arena.Window(output)));
    }

    /// <inheritdoc/>
    protected override void ScaleShiftCore(Workspace workspace, Tensor input, VectorWeights scale, VectorWeights shift, Tensor output)
    {
        GpuWorkspace arena = Bind(workspace);
        Launch(arena, Kernels.ScaleShift, output, new ScaleShiftBody(
            arena.Window(input), ((GpuVector)scale).View, ((GpuVector)shift).View, arena.Window(output)));
    }

    private void Apply(GpuWorkspace arena, Tensor input, Activation activation, Tensor output) => Launch(
        arena, Kernels.Apply, output, new ApplyBody(arena.Window(input), activation.Kind, activation.Alpha, arena.Window(output)));
}
