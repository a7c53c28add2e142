using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Kernels;
using SeqInfer.Kernels.Interactions;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    protected override void RowDotCore(Workspace workspace, Tensor left, Tensor right, Tensor output)
    {
        RowDotJob job = new(Rows(workspace, left), Rows(workspace, right), Rows(workspace, output), left.ColumnCount);
        Split(ref job, left.RowCount, left.ElementCount * Cost.Simple);
    }

    protected override void ScaleRowsCore(Workspace workspace, Tensor input, Tensor factors, Tensor output)
    {
        ScaleRowsJob job = new(Rows(workspace, input), Rows(workspace, factors), Rows(workspace, output), input.ColumnCount);
        Split(ref job, input.RowCount, input.ElementCount * Cost.Simple);
    }

    protected override void FactorizationMachineCore(Workspace workspace, Tensor input, int fieldCount, Tensor output)
    {
        FactorizationMachineJob job = new(Rows(workspace, input), Rows(workspace, output), fieldCount, input.ColumnCount / fieldCount);
        Split(ref job, input.RowCount, input.ElementCount * Cost.Simple);
    }

    protected override void SquashCore(Workspace workspace, Tensor input, float epsilon, Tensor output)
    {
        SquashJob job = new(Rows(workspace, input), Rows(workspace, output), input.ColumnCount, epsilon);
        Split(ref job, input.RowCount, input.ElementCount * Cost.Normalize);
    }

    protected override void SegmentSoftmaxCore(Workspace workspace, Tensor input, Ragged sequences, Tensor output)
    {
        SegmentSoftmaxJob job = new(
            Rows(workspace, input), Pointer(workspace, sequences.Offsets), sequences.Count, input.ColumnCount, Rows(workspace, output));
        Split(ref job, job.Shares.Count, input.ElementCount * Cost.Softmax);
    }

    private readonly struct RowDotJob(StridedRows left, StridedRows right, StridedRows y, int columns) : IParallelJob
    {
        public void Run(int begin, int end, int worker) => RowDotKernel.Rows<V>(
            left.Row(begin), left.Stride, right.Row(begin), right.Stride, y.Row(begin), y.Stride, end - begin, columns);
    }

    private readonly struct ScaleRowsJob(StridedRows x, StridedRows factors, StridedRows y, int columns) : IParallelJob
    {
        public void Run(int begin, int end, int worker)
        {
            if (factors.Stride == 1)
            {
                Elementwise.BinaryColumn<V, Multiply>(
                    x.Row(begin), x.Stride, factors.Row(begin), y.Row(begin), y.Stride, end - begin, columns, default);
                return;
            }

            for (int row = begin; row < end; row++)
                Elementwise.Apply<V, Scale>(x.Row(row), y.Row(row), columns, new Scale(*factors.Row(row)));
        }
    }

    private readonly struct FactorizationMachineJob(StridedRows x, StridedRows y, int fields, int size) : IParallelJob
    {
        public void Run(int begin, int end, int worker) =>
            FactorizationMachineKernel.Rows<V>(x.Row(begin), x.Stride, y.Row(begin), y.Stride, end - begin, fields, size);
    }

    private readonly struct SquashJob(StridedRows x, StridedRows y, int columns, float epsilon) : IParallelJob
    {
        public void Run(int begin, int end, int worker) =>
            SquashKernel.Rows<V>(x.Row(begin), x.Stride, y.Row(begin), y.Stride, end - begin, columns, epsilon);
    }

    private readonly struct SegmentSoftmaxJob(StridedRows x, int* offsets, int segments, int columns, StridedRows y) : IParallelJob
    {
        public SharePlan Shares => new(offsets, segments, perList: 1);

        public void Run(int begin, int end, int worker)
        {
            int first = Shares.First(begin);
            SegmentSoftmaxKernel.Segments<V>(x.First, x.Stride, offsets + first, Shares.First(end) - first, columns, y.First, y.Stride);
        }
    }
}
