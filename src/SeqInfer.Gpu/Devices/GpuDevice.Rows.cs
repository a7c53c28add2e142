using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels.Elementwise;
using SeqInfer.Gpu.Kernels.Graph;
using SeqInfer.Gpu.Kernels.Rows;
using SeqInfer.Tensors;

namespace SeqInfer.Gpu.Devices;

internal sealed partial class GpuDevice
{
    // With more columns than a sector of memory holds, neighbouring threads read a row of them at full speed
    private const int FewColumns = 8;

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
        if (kind == PoolKind.Last)
        {
            Launch(arena, Kernels.LastRow, output, new LastRowBody(arena.Window(input), arena.Send(sequences), arena.Window(output)));
            return;
        }

        AggregateKind aggregate = kind switch
        {
            PoolKind.Mean => AggregateKind.Mean,
            PoolKind.Max => AggregateKind.Max,
            PoolKind.Sum => AggregateKind.Sum,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
        Steps steps = new(arena.Send(sequences));
        Aggregate(arena, Kernels.Pool, Kernels.Groups?.Pool, input, steps, OrderOf(arena, sequences), aggregate, output);
    }

    /// <inheritdoc/>
    protected override void SegmentSoftmaxCore(Workspace workspace, Tensor input, Ragged sequences, Tensor output)
    {
        GpuWorkspace arena = Bind(workspace);
        int columns = output.ColumnCount;
        if (columns <= FewColumns)
        {
            Launch(arena, Kernels.SegmentSoftmax, checked(sequences.Count * columns), new SegmentSoftmaxBody(
                arena.Window(input), arena.Send(sequences), columns, arena.Window(output)));
            return;
        }

        Launch(arena, Kernels.SegmentSoftmaxColumns, sequences.Count, columns, new SegmentSoftmaxColumnsBody(
            arena.Window(input), arena.Send(sequences), arena.Window(output)));
    }

    private void NormalizeL2(GpuWorkspace arena, Tensor input, Tensor output) => Launch(
        arena, Kernels.NormalizeL2, output.RowCount, new NormalizeL2Body(arena.Window(input), input.ColumnCount, arena.Window(output)));
}
