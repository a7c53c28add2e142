using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Kernels;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    protected override void ApplyCore(Workspace workspace, Tensor input, Activation activation, Tensor output)
    {
        switch (activation.Kind)
        {
            case ActivationKind.None:
                Apply(workspace, input, default(Identity), output);
                break;
            case ActivationKind.Relu:
                Apply(workspace, input, default(Relu), output);
                break;
            case ActivationKind.Gelu:
                Apply(workspace, input, default(Gelu), output);
                break;
            case ActivationKind.GeluTanh:
                Apply(workspace, input, default(GeluTanh), output);
                break;
            case ActivationKind.Silu:
                Apply(workspace, input, default(Silu), output);
                break;
            case ActivationKind.Sigmoid:
                Apply(workspace, input, default(Sigmoid), output);
                break;
            case ActivationKind.Tanh:
                Apply(workspace, input, default(Tanh), output);
                break;
            case ActivationKind.LeakyRelu:
                Apply(workspace, input, new LeakyRelu(activation.Alpha), output);
                break;
            case ActivationKind.Elu:
                Apply(workspace, input, new Elu(activation.Alpha), output);
                break;
            case ActivationKind.SignedSqrt:
                Apply(workspace, input, default(SignedSqrt), output);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation), activation.Kind, null);
        }
    }

    protected override void PReluCore(Workspace workspace, Tensor input, VectorWeights slope, Tensor output)
    {
        float* slopes = ((CpuVector)slope).Pointer;
        if (slope.Length == 1)
        {
            // One slope is LeakyReLU's case
            Apply(workspace, input, new LeakyRelu(*slopes), output);
            return;
        }

        BinaryJob<PRelu> job = new(Rows(workspace, input), new StridedRows(slopes, 0), Rows(workspace, output), output.ColumnCount, default);
        Split(ref job, output.RowCount, output.ElementCount * Cost.Simple);
    }

    protected override void CombineCore(Workspace workspace, Tensor left, Tensor right, BinaryOperation operation, Tensor output)
    {
        switch (operation)
        {
            case BinaryOperation.Add:
                Combine(workspace, left, right, default(Add), output);
                break;
            case BinaryOperation.Subtract:
                Combine(workspace, left, right, default(Subtract), output);
                break;
            case BinaryOperation.Multiply:
                Combine(workspace, left, right, default(Multiply), output);
                break;
            case BinaryOperation.Maximum:
                Combine(workspace, left, right, default(Larger), output);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation, null);
        }
    }

    private void Apply<TOp>(Workspace workspace, Tensor input, TOp op, Tensor output)
        where TOp : struct, IUnaryOp
    {
        UnaryJob<TOp> job = new(Rows(workspace, input), Rows(workspace, output), output.ColumnCount, op);
        Split(ref job, output.RowCount, output.ElementCount * Cost.Of<TOp>());
    }

    private void Combine<TOp>(Workspace workspace, Tensor left, Tensor right, TOp op, Tensor output)
        where TOp : struct, IBinaryOp
    {
        StridedRows second = new(Pointer(workspace, right), right.RowCount == 1 ? 0 : right.Stride);
        BinaryJob<TOp> job = new(Rows(workspace, left), second, Rows(workspace, output), output.ColumnCount, op);
        Split(ref job, output.RowCount, output.ElementCount * Cost.Simple);
    }

    private readonly struct UnaryJob<TOp>(StridedRows x, StridedRows y, int columns, TOp op) : IParallelJob
        where TOp : struct, IUnaryOp
    {
        public void Run(int begin, int end, int worker) =>
            Elementwise.ApplyRows<V, TOp>(x.Row(begin), x.Stride, y.Row(begin), y.Stride, end - begin, columns, op);
    }

    private readonly struct BinaryJob<TOp>(StridedRows left, StridedRows right, StridedRows y, int columns, TOp op) : IParallelJob
        where TOp : struct, IBinaryOp
    {
        public void Run(int begin, int end, int worker) => Elementwise.BinaryRows<V, TOp>(
            left.Row(begin), left.Stride, right.Row(begin), right.Stride, y.Row(begin), y.Stride, end - begin, columns, op);
    }
}
