using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Kernels;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    protected override void CombineRowsCore(
        Workspace workspace, Tensor left, Indices leftRows, Tensor right, Indices rightRows, BinaryOperation operation, Tensor output)
    {
        if (workspace.IsPlanning)
            return;
        switch (operation)
        {
            case BinaryOperation.Add:
                CombineRows(workspace, left, leftRows, right, rightRows, default(Add), output);
                break;
            case BinaryOperation.Subtract:
                CombineRows(workspace, left, leftRows, right, rightRows, default(Subtract), output);
                break;
            case BinaryOperation.Multiply:
                CombineRows(workspace, left, leftRows, right, rightRows, default(Multiply), output);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation, null);
        }
    }

    private void CombineRows<TOp>(
        Workspace workspace, Tensor left, Indices leftRows, Tensor right, Indices rightRows, TOp op, Tensor output)
        where TOp : struct, IBinaryOp
    {
        PairJob<TOp> job = new(
            Rows(workspace, left), Pointer(workspace, leftRows), Rows(workspace, right), Pointer(workspace, rightRows),
            Rows(workspace, output), output.ColumnCount, op);
        Split(ref job, output.RowCount, 2 * GatherCost(output.RowCount, output.ColumnCount));
    }

    private readonly struct PairJob<TOp>(
        StridedRows left, int* leftRows, StridedRows right, int* rightRows, StridedRows y, int columns, TOp op)
        : IParallelJob
        where TOp : struct, IBinaryOp
    {
        public void Run(int begin, int end, int worker) => Elementwise.BinaryPairs<V, TOp>(
            left.First, left.Stride, leftRows + begin, right.First, right.Stride, rightRows + begin,
            y.Row(begin), y.Stride, end - begin, columns, op);
    }
}
