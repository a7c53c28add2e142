using SeqInfer.Tensors;

namespace SeqInfer.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected override void ApplyCore(Workspace workspace, Tensor input, Activation activation, Tensor output)
    {
        Matrix x = At(workspace, input);
        Matrix y = At(workspace, output);
        for (int row = 0; row < y.RowCount; row++)
        {
            for (int column = 0; column < y.ColumnCount; column++)
                y[row, column] = Activate(activation, x[row, column]);
        }
    }

    /// <inheritdoc/>
    protected override void PReluCore(Workspace workspace, Tensor input, VectorWeights slope, Tensor output)
    {
        ReferenceValues slopes = ((ReferenceVector)slope).Values;
        Matrix x = At(workspace, input);
        Matrix y = At(workspace, output);
        for (int row = 0; row < y.RowCount; row++)
        {
            for (int column = 0; column < y.ColumnCount; column++)
            {
                double value = x[row, column];
                y[row, column] = value > 0 ? value : slopes[slope.Length == 1 ? 0 : column] * value;
            }
        }
    }

    /// <inheritdoc/>
    protected override void CombineCore(Workspace workspace, Tensor left, Tensor right, BinaryOperation operation, Tensor output)
    {
        Matrix a = At(workspace, left);
        Matrix b = At(workspace, right);
        Matrix y = At(workspace, output);
        for (int row = 0; row < y.RowCount; row++)
        {
            for (int column = 0; column < y.ColumnCount; column++)
                y[row, column] = Combine(a[row, column], operation, b[b.RowCount == 1 ? 0 : row, column]);
        }
    }

    private static double Combine(double x, BinaryOperation operation, double z) => operation switch
    {
        BinaryOperation.Add => x + z,
        BinaryOperation.Subtract => x - z,
        BinaryOperation.Multiply => x * z,
        BinaryOperation.Maximum => x > z ? x : z,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };

    private static double Activate(Activation activation, double x) => activation.Kind switch
    {
        ActivationKind.None => x,
        ActivationKind.Relu => Math.Max(x, 0),
        ActivationKind.Gelu => x * DoubleMath.Phi(x),
        ActivationKind.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        ActivationKind.Silu => x * DoubleMath.Sigmoid(x),
        ActivationKind.Sigmoid => DoubleMath.Sigmoid(x),
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.LeakyRelu => x > 0 ? x : activation.Alpha * x,
        ActivationKind.Elu => x > 0 ? x : activation.Alpha * (Math.Exp(x) - 1),
        ActivationKind.SignedSqrt => x < 0 ? -Math.Sqrt(-x) : Math.Sqrt(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, null),
    };
}
