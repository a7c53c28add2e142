using SeqInfer.Kernels;
using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    protected override void FlattenCore(Workspace workspace, Tensor input, int steps, FlattenOrder order, Tensor output)
    {
        float* x = Pointer(workspace, input);
        float* y = Pointer(workspace, output);
        for (int sequence = 0; sequence < output.RowCount; sequence++, x += (nint)steps * input.Stride, y += output.Stride)
        {
            if (order == FlattenOrder.TimeFirst)
                FlattenKernel.TimeFirst(x, input.Stride, steps, input.ColumnCount, y);
            else
                FlattenKernel.ChannelsFirst<V>(x, input.Stride, steps, input.ColumnCount, y);
        }
    }
}
