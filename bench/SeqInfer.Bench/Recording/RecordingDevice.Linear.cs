using SeqInfer.Bench.Onnx;
using SeqInfer.Devices;
using SeqInfer.Tensors;

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
                ? Gemm(x.As(Layout.Flat), layer, start, count)
                : MatMulAdd(x.As(layout), layer, start, count);
            y = Activate(y, activation);
            return residual is null ? y : _graph.Node("Add", [y, residual.As(layout)]);
        }
    }

    private string Gemm(string x, RecordedLinear layer, int start, int count)
    {
        string weight = Constants.Rows(layer.Weight, start, count);
        return layer.Bias is null
            ? _graph.Node("Gemm", [x, weight], new OnnxAttribute("transB", 1L))
            : _graph.Node("Gemm", [x, weight, Constants.Vector(layer.Bias, start, count)], new OnnxAttribute("transB", 1L));
    }

    private string MatMulAdd(string x, RecordedLinear layer, int start, int count)
    {
        string y = _graph.Node("MatMul", [x, Constants.Transposed(layer.Weight, start, count)]);
        return layer.Bias is null ? y : _graph.Node("Add", [y, Constants.Vector(layer.Bias, start, count)]);
    }
}
