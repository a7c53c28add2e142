using SeqInfer.Bench.Onnx;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Recording;

internal sealed partial class RecordingDevice
{
    protected override void RowDotCore(Workspace workspace, Tensor left, Tensor right, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        string products = _graph.Node("Mul", [At(workspace, left).As(Layout.Flat), At(workspace, right).As(Layout.Flat)]);
        Set(workspace, output, Layout.Flat, SumOfColumns(products));
    }

    protected override void ScaleRowsCore(Workspace workspace, Tensor input, Tensor factors, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        Set(workspace, output, Layout.Flat, _graph.Node("Mul", [At(workspace, input).As(Layout.Flat), At(workspace, factors).As(Layout.Flat)]));
    }

    protected override void FactorizationMachineCore(Workspace workspace, Tensor input, int fieldCount, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        string fields = Reshape(At(workspace, input).As(Layout.Flat), -1, fieldCount, input.ColumnCount / fieldCount);
        string sum = Reduce("ReduceSum", fields);
        string squares = Reduce("ReduceSumSquare", fields);
        string difference = _graph.Node("Sub", [_graph.Node("Mul", [sum, sum]), squares]);
        Set(workspace, output, Layout.Flat, _graph.Node("Mul", [SumOfColumns(difference), _graph.Scalar(0.5f)]));
    }

    protected override void SquashCore(Workspace workspace, Tensor input, float epsilon, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        string x = At(workspace, input).As(Layout.Flat);
        string squared = _graph.Node("ReduceSumSquare", [x, _graph.Ints(-1)], new OnnxAttribute("keepdims", 1L));
        string share = _graph.Node("Div", [squared, _graph.Node("Add", [squared, _graph.Scalar(1f)])]);
        string length = _graph.Node("Sqrt", [_graph.Node("Add", [squared, _graph.Scalar(epsilon)])]);
        Set(workspace, output, Layout.Flat, _graph.Node("Mul", [x, _graph.Node("Div", [share, length])]));
    }

    protected override void SegmentSoftmaxCore(Workspace workspace, Tensor input, Ragged sequences, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        if (options.IsPadded)
            throw new RecordingException("a softmax over the rows of padded sequences is not recorded");
        string rows = Reshape(At(workspace, input).As(Layout.Flat), -1, LengthOf(workspace, sequences), input.ColumnCount);
        string y = _graph.Node("Softmax", [rows], new OnnxAttribute("axis", 1L));
        Set(workspace, output, Layout.Flat, Reshape(y, -1, input.ColumnCount));
    }

    private string SumOfColumns(string x) => _graph.Node("ReduceSum", [x, _graph.Ints(-1)], new OnnxAttribute("keepdims", 1L));
}
