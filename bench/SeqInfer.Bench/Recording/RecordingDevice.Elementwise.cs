using SeqInfer.Bench.Onnx;
using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Recording;

internal sealed partial class RecordingDevice
{
    protected override void ApplyCore(Workspace workspace, Tensor input, Activation activation, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        Recorded x = At(workspace, input);
        if (activation.Kind == ActivationKind.None)
            Set(workspace, output, x);
        else
            Set(workspace, output, x.Native, Activate(x.As(x.Native), activation));
    }

    protected override void PReluCore(Workspace workspace, Tensor input, VectorWeights slope, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        Recorded x = At(workspace, input);
        Set(workspace, output, x.Native, _graph.Node("PRelu", [x.As(x.Native), Constants.Vector(((RecordedVector)slope).Values)]));
    }

    protected override void CombineCore(Workspace workspace, Tensor left, Tensor right, BinaryOperation operation, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        Recorded x = At(workspace, left);
        Recorded y = At(workspace, right);
        if (y.RowCount != x.RowCount && _shape.IsBatchSymbolic && !x.IsSequences)
            throw new RecordingException("one row for all rows of a batch whose size is open");
        string z = y.RowCount == x.RowCount ? y.As(x.Native) : y.As(Layout.Flat);
        Set(workspace, output, x.Native, _graph.Node(OperatorOf(operation), [x.As(x.Native), z]));
    }

    private static string OperatorOf(BinaryOperation operation) => operation switch
    {
        BinaryOperation.Add => "Add",
        BinaryOperation.Subtract => "Sub",
        BinaryOperation.Multiply => "Mul",
        BinaryOperation.Maximum => "Max",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };

    private string Activate(string x, Activation activation) => activation.Kind switch
    {
        ActivationKind.None => x,
        ActivationKind.Relu => _graph.Node("Relu", [x]),
        ActivationKind.Gelu => _graph.Node("Gelu", [x]),
        ActivationKind.GeluTanh => _graph.Node("Gelu", [x], new OnnxAttribute("approximate", "tanh")),
        ActivationKind.Silu => _graph.Node("Mul", [x, _graph.Node("Sigmoid", [x])]),
        ActivationKind.Sigmoid => _graph.Node("Sigmoid", [x]),
        ActivationKind.Tanh => _graph.Node("Tanh", [x]),
        ActivationKind.LeakyRelu => _graph.Node("LeakyRelu", [x], new OnnxAttribute("alpha", activation.Alpha)),
        ActivationKind.Elu => _graph.Node("Elu", [x], new OnnxAttribute("alpha", activation.Alpha)),
        ActivationKind.SignedSqrt => _graph.Node("Mul", [_graph.Node("Sign", [x]), _graph.Node("Sqrt", [_graph.Node("Abs", [x])])]),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, null),
    };
}
