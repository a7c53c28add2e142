using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Kernels;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    protected override void FlattenCore(Workspace workspace, Tensor input, int steps, FlattenOrder order, Tensor output)
    {
        FlattenJob job = new(Rows(workspace, input), steps, input.ColumnCount, order, Rows(workspace, output));
        Split(ref job, output.RowCount, output.ElementCount * Cost.Simple);
    }

    private readonly struct FlattenJob(StridedRows x, int steps, int columns, FlattenOrder order, StridedRows y) : IParallelJob
    {
        public void Run(int begin, int end, int worker)
        {
            for (int sequence = begin; sequence < end; sequence++)
            {
                float* first = x.First + ((nint)sequence * steps * x.Stride);
                if (order == FlattenOrder.TimeFirst)
                    FlattenKernel.TimeFirst(first, x.Stride, steps, columns, y.Row(sequence));
                else
                    FlattenKernel.ChannelsFirst<V>(first, x.Stride, steps, columns, y.Row(sequence));
            }
        }
    }
}
