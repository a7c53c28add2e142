using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels.Elementwise;
using SeqInfer.Gpu.Kernels.Rows;
using SeqInfer.Tensors;

namespace SeqInfer.Gpu.Devices;

internal sealed partial class GpuDevice
{
    /// <inheritdoc/>
    protected override void LayerNormCore(Workspace workspace, Tensor input, LayerNormWeights weights, Tensor output, Tensor? residual)
    {
        GpuWorkspace arena = Bind(workspace);
        GpuLayerNorm norm = (GpuLayerNorm)weights;
        Launch(arena, Kernels.LayerNorm, output.RowCount, new LayerNormBody(
            arena.Window(input),
            arena.Window(residual),
            residual is null ? 0 : 1,
            norm.Gamma,
            norm.Beta,
            norm.Size,
            (float)norm.Epsilon,
            norm.Kind == LayerNormKind.UnbiasedStd ? 1 : 0,
            arena.Window(output)));
    }

    /// <inheritdoc/>
    protected override void NormalizeL2Core(Workspace workspace, Tensor input, Tensor output) =>
        NormalizeL2(Bind(workspace), input, output);

    /// <inheritdoc/>
    protected override void SoftmaxCore(Workspace workspace, Tensor input, Tensor output, bool log)
    {
        GpuWorkspace arena = Bind(workspace);
        Launch(arena, Kernels.Softmax, output.RowCount, new SoftmaxBody(
            arena.Window(input), input.ColumnCount, log ? 1 : 0, arena.Window(output)));
    }

    /// <inheritdoc/>
    protected override void RowDotCore(Workspace workspace, Tensor left, Tensor right, Tensor output)
    {
        GpuWorkspace arena = Bind(workspace);
        Launch(arena, Kernels.RowDot, output.RowCount, new RowDotBody(
            arena.Window(left), arena.Window(right), left.ColumnCount, arena.Window(output)));
    }

    /// <inheritdoc/>
    protected override void FactorizationMachineCore(Workspace workspace, Tensor input, int fieldCount, Tensor output)
    {
        GpuWorkspace arena = Bind(workspace);
        Launch(arena, Kernels.FactorizationMachine, output.RowCount, new FactorizationMachineBody(
            arena.Window(input), fieldCount, input.ColumnCount / fieldCount, arena.Window(output)));
    }

    /// <inheritdoc/>
    protected override void SquashCore(Workspace workspace, Tensor input, float epsilon, Tensor output)
    {
        GpuWorkspace arena = Bind(workspace);
        Launch(arena, Kernels.Squash, output.RowCount, new SquashBody(
            arena.Window(input), input.ColumnCount, epsilon, arena.Window(output)));
    }

    /// <inheritdoc/>
    protected override void PoolCore(Workspace workspace, Tensor input, Ragged sequences, PoolKind kind, Tensor output)
    {
        GpuWorkspace arena = Bind(workspace);
        Launch(arena, Kernels.Pool, output, new PoolBody(arena.Window(input), arena.Send(sequences), kind, arena.Window(output)));
    }

    /// <inheritdoc/>
    protected override void SegmentSoftmaxCore(Workspace workspace, Tensor input, Ragged sequences, Tensor output)
    {
        GpuWorkspace arena = Bind(workspace);
        Launch(arena, Kernels.SegmentSoftmax, sequences.Count, output.ColumnCount, new SegmentSoftmaxBody(
            arena.Window(input), arena.Send(sequences), arena.Window(output)));
    }

    private void NormalizeL2(GpuWorkspace arena, Tensor input, Tensor output) => Launch(
        arena, Kernels.NormalizeL2, output.RowCount, new NormalizeL2Body(arena.Window(input), input.ColumnCount, arena.Window(output)));
}
