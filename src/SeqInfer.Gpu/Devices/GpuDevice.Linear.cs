using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels.Gemm;
using SeqInfer.Tensors;

namespace SeqInfer.Gpu.Devices;

internal sealed partial class GpuDevice
{
    /// <inheritdoc/>
    protected override void LinearCore(
        Workspace workspace, Tensor input, LinearWeights weights, Tensor output, Activation activation, Tensor? residual)
    {
        if (workspace.IsPlanning)
            return;
        GpuWorkspace arena = Bind(workspace);
        Epilogue epilogue = new(activation.Kind, activation.Alpha, residual is null ? 0 : 1, arena.Window(residual), arena.Window(output));
        Multiply(arena, input, ((GpuLinear)weights).Packed, epilogue, output);
    }

    private void Multiply(GpuWorkspace arena, Tensor input, in PackedWeights weights, in Epilogue epilogue, Tensor output) =>
        Launch(arena, Kernels.Linear, output, new LinearBody<DotTerm>(arena.Window(input), input.ColumnCount, weights, epilogue));

    private void Distances(GpuWorkspace arena, Tensor input, in PackedWeights weights, in Epilogue epilogue, Tensor output) =>
        Launch(arena, Kernels.Distance, output, new LinearBody<NegSquaredDistanceTerm>(
            arena.Window(input), input.ColumnCount, weights, epilogue));
}
