using SeqInfer.Kernels.Gemm;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    protected override LinearWeights CreateLinearCore(Parameter weight, Parameter? bias) => CpuLinear.Create<V>(this, weight, bias);

    protected override void LinearCore(
        Workspace workspace, Tensor input, LinearWeights weights, Tensor output, Activation activation, Tensor? residual)
    {
        CpuLinear layer = (CpuLinear)weights;
        long scratchLength = layer.ScratchLength(input.RowCount);
        if (scratchLength == 0)
        {
            if (!workspace.IsPlanning)
                Multiply(workspace, input, layer, output, activation, residual, null);
            return;
        }

        using WorkspaceFrame frame = workspace.Frame();
        Tensor scratch = TakeScratch(workspace, scratchLength);
        if (!workspace.IsPlanning)
            Multiply(workspace, input, layer, output, activation, residual, Pointer(workspace, scratch));
    }

    private static void Multiply(
        Workspace workspace, Tensor input, CpuLinear layer, Tensor output, Activation activation, Tensor? residual, float* scratch)
    {
        LinearOutput target = residual is { } added
            ? new(Pointer(workspace, output), output.Stride, null, Pointer(workspace, added), added.Stride)
            : new(Pointer(workspace, output), output.Stride);
        layer.Run(Pointer(workspace, input), input.Stride, input.RowCount, in target, activation, scratch);
        GC.KeepAlive(layer);
    }
}
