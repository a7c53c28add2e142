using SeqInfer.Kernels;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    // The smallest length whose reciprocal is finite: shorter rows, zeros among them, are scaled by its reciprocal
    private const float SmallestLength = 1.17549435e-38f;

    protected override LayerNormWeights CreateLayerNormCore(Parameter gamma, Parameter beta, double epsilon, LayerNormKind kind) =>
        new CpuLayerNorm(this, gamma, beta, epsilon, kind);

    protected override VectorWeights CreateVectorCore(Parameter values) => new CpuVector(this, values);

    protected override void LayerNormCore(Workspace workspace, Tensor input, LayerNormWeights weights, Tensor output, Tensor? residual)
    {
        LayerNormParameters parameters = ((CpuLayerNorm)weights).Parameters;
        float* x = Pointer(workspace, input);
        float* y = Pointer(workspace, output);
        if (residual is { } added)
        {
            LayerNormKernel.ResidualRows<V>(
                x, input.Stride, Pointer(workspace, added), added.Stride, y, output.Stride, y, output.Stride,
                output.RowCount, output.ColumnCount, parameters);
            return;
        }

        LayerNormKernel.Rows<V>(x, input.Stride, y, output.Stride, output.RowCount, output.ColumnCount, parameters);
    }

    protected override void ScaleShiftCore(Workspace workspace, Tensor input, VectorWeights scale, VectorWeights shift, Tensor output) =>
        Elementwise.ScaleShiftRows<V>(
            Pointer(workspace, input), input.Stride, ((CpuVector)scale).Pointer, ((CpuVector)shift).Pointer,
            Pointer(workspace, output), output.Stride, output.RowCount, output.ColumnCount);

    protected override void NormalizeL2Core(Workspace workspace, Tensor input, Tensor output) =>
        L2NormalizeKernel.Rows<V>(
            Pointer(workspace, input), input.Stride, Pointer(workspace, output), output.Stride,
            output.RowCount, output.ColumnCount, SmallestLength);

    protected override void SoftmaxCore(Workspace workspace, Tensor input, Tensor output, bool log)
    {
        float* x = Pointer(workspace, input);
        float* y = Pointer(workspace, output);
        if (log) LogSoftmaxKernel.Rows<V>(x, input.Stride, y, output.Stride, output.RowCount, output.ColumnCount);
        else SoftmaxKernel.Rows<V>(x, input.Stride, y, output.Stride, output.RowCount, output.ColumnCount);
    }
}
