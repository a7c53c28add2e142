using SeqInfer.Kernels;
using SeqInfer.Kernels.Ops;
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
        float* x = Pointer(workspace, input);
        float* y = Pointer(workspace, output);
        float* slopes = ((CpuVector)slope).Pointer;
        if (slope.Length == 1)
        {
            // One slope is LeakyReLU's case
            Elementwise.ApplyRows<V, LeakyRelu>(
                x, input.Stride, y, output.Stride, output.RowCount, output.ColumnCount, new LeakyRelu(*slopes));
            return;
        }

        Elementwise.BinaryRows<V, PRelu>(
            x, input.Stride, slopes, 0, y, output.Stride, output.RowCount, output.ColumnCount, default);
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
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation, null);
        }
    }

    private static void Apply<TOp>(Workspace workspace, Tensor input, TOp op, Tensor output)
        where TOp : struct, IUnaryOp =>
        Elementwise.ApplyRows<V, TOp>(
            Pointer(workspace, input), input.Stride, Pointer(workspace, output), output.Stride, output.RowCount, output.ColumnCount, op);

    private static void Combine<TOp>(Workspace workspace, Tensor left, Tensor right, TOp op, Tensor output)
        where TOp : struct, IBinaryOp =>
        Elementwise.BinaryRows<V, TOp>(
            Pointer(workspace, left), left.Stride, Pointer(workspace, right), right.RowCount == 1 ? 0 : right.Stride,
            Pointer(workspace, output), output.Stride, output.RowCount, output.ColumnCount, op);
}
