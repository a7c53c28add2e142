using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Ops;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    protected override LinearWeights CreateLinearCore(Parameter weight, Parameter? bias) => new CpuLinear<V>(this, weight, bias);

    protected override void LinearCore(
        Workspace workspace, Tensor input, LinearWeights weights, Tensor output, Activation activation, Tensor? residual)
    {
        if (workspace.IsPlanning)
            return;
        LinearOutput target = residual is { } added
            ? new(Pointer(workspace, output), output.Stride, null, Pointer(workspace, added), added.Stride)
            : new(Pointer(workspace, output), output.Stride);
        PackedLinear<V, Float32Storage> packed = ((CpuLinear<V>)weights).Packed;
        ActivationDispatch.Visit(activation, new LinearVisitor(packed, Pointer(workspace, input), input.Stride, input.RowCount, target));
        GC.KeepAlive(weights);
    }

    private readonly struct LinearVisitor(PackedLinear<V, Float32Storage> packed, float* x, nint xStride, int rows, LinearOutput output)
        : IActivationVisitor
    {
        public void Visit<TOp>(TOp op)
            where TOp : struct, IUnaryOp => packed.Run(x, xStride, rows, in output, op);
    }
}
