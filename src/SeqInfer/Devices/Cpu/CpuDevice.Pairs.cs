using SeqInfer.Kernels;
using SeqInfer.Kernels.Ops;
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

    private static void CombineRows<TOp>(
        Workspace workspace, Tensor left, Indices leftRows, Tensor right, Indices rightRows, TOp op, Tensor output)
        where TOp : struct, IBinaryOp =>
        Elementwise.BinaryPairs<V, TOp>(
            Pointer(workspace, left), left.Stride, Pointer(workspace, leftRows),
            Pointer(workspace, right), right.Stride, Pointer(workspace, rightRows),
            Pointer(workspace, output), output.Stride, output.RowCount, output.ColumnCount, op);
}
