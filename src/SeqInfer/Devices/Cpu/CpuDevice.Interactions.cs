using SeqInfer.Kernels;
using SeqInfer.Kernels.Interactions;
using SeqInfer.Kernels.Ops;
using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    protected override void RowDotCore(Workspace workspace, Tensor left, Tensor right, Tensor output) => RowDotKernel.Rows<V>(
        Pointer(workspace, left),
        left.Stride,
        Pointer(workspace, right),
        right.Stride,
        Pointer(workspace, output),
        output.Stride,
        left.RowCount,
        left.ColumnCount);

    protected override void ScaleRowsCore(Workspace workspace, Tensor input, Tensor factors, Tensor output)
    {
        float* x = Pointer(workspace, input);
        float* s = Pointer(workspace, factors);
        float* y = Pointer(workspace, output);
        if (factors.Stride == 1)
        {
            Elementwise.BinaryColumn<V, Multiply>(x, input.Stride, s, y, output.Stride, input.RowCount, input.ColumnCount, default);
            return;
        }

        for (int row = 0; row < input.RowCount; row++, x += input.Stride, s += factors.Stride, y += output.Stride)
            Elementwise.Apply<V, Scale>(x, y, input.ColumnCount, new Scale(*s));
    }

    protected override void FactorizationMachineCore(Workspace workspace, Tensor input, int fieldCount, Tensor output) =>
        FactorizationMachineKernel.Rows<V>(
            Pointer(workspace, input),
            input.Stride,
            Pointer(workspace, output),
            output.Stride,
            input.RowCount,
            fieldCount,
            input.ColumnCount / fieldCount);

    protected override void SquashCore(Workspace workspace, Tensor input, float epsilon, Tensor output) => SquashKernel.Rows<V>(
        Pointer(workspace, input), input.Stride, Pointer(workspace, output), output.Stride, input.RowCount, input.ColumnCount, epsilon);

    protected override void SegmentSoftmaxCore(Workspace workspace, Tensor input, Ragged sequences, Tensor output) =>
        SegmentSoftmaxKernel.Segments<V>(
            Pointer(workspace, input),
            input.Stride,
            Pointer(workspace, sequences.Offsets),
            sequences.Count,
            input.ColumnCount,
            Pointer(workspace, output),
            output.Stride);
}
