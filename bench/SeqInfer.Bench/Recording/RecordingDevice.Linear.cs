using SeqInfer.Bench.Onnx;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Bench.Recording;

internal sealed partial class RecordingDevice
{
    protected override void LinearCore(
        Workspace workspace, Tensor input, LinearWeights weights, Tensor output, Activation activation, Tensor? residual)
    {
        if (IsIdle(workspace))
            return;
        var layer = (RecordedLinear)weights;
        Recorded? added = residual is { } window ? At(workspace, window) : null;
        Set(workspace, output, Linear(At(workspace, input), layer, 0, layer.OutputSize, activation, added));
    }

    // Some outputs of a layer are a smaller layer: nothing is computed to be sliced.
    private Recorded Linear(Recorded x, RecordedLinear layer, int start, int count, Activation activation, Recorded? residual)
    {
        bool isMatMul = options.Linear == LinearForm.MatMulAdd && x.IsSequences && x.Native != Layout.Flat;
        return new Recorded(
            _graph,
            _shape,
            x.RowCount,
            count,
            isMatMul ? x.Native : Layout.Flat,
            layout => layout == Layout.Flat || isMatMul ? Write(layout) : null,
            (first, columns) => Linear(x, layer, start + first, columns, activation, residual?.Columns(first, columns)));

        string Write(Layout layout)
        {
            string y = layout == Layout.Flat
                ? Gemm(x.As(Layout.Flat), layer.Weight, layer.Bias, start, count)
                : MatMulAdd(x.As(layout), layer.Weight, layer.Bias, start, count);
            y = Activate(y, activation);
            return residual is null ? y : _graph.Node("Add", [y, residual.As(layout)]);
        }
    }

    private string Gemm(string x, Parameter weight, Parameter? bias, int start, int count)
    {
        string rows = Constants.Rows(weight, start, count);
        return bias is null
            ? _graph.Node("Gemm", [x, rows], new OnnxAttribute("transB", 1L))
            : _graph.Node("Gemm", [x, rows, Constants.Vector(bias, start, count)], new OnnxAttribute("transB", 1L));
    }

    private string MatMulAdd(string x, Parameter weight, Parameter? bias, int start, int count)
    {
        string y = _graph.Node("MatMul", [x, Constants.Transposed(weight, start, count)]);
        return bias is null ? y : _graph.Node("Add", [y, Constants.Vector(bias, start, count)]);
    }
}
