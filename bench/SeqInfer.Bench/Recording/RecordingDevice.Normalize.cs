using SeqInfer.Bench.Onnx;
using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Recording;

internal sealed partial class RecordingDevice
{
    protected override void LayerNormCore(Workspace workspace, Tensor input, LayerNormWeights weights, Tensor output, Tensor? residual)
    {
        if (IsIdle(workspace))
            return;
        var norm = (RecordedLayerNorm)weights;
        Recorded x = At(workspace, input);
        string name = x.As(x.Native);
        if (residual is { } window)
            name = _graph.Node("Add", [name, At(workspace, window).As(x.Native)]);
        Set(workspace, output, x.Native, norm.Kind == LayerNormKind.Standard ? Standard(name, norm) : UnbiasedStd(name, norm));
    }

    protected override void ScaleShiftCore(Workspace workspace, Tensor input, VectorWeights scale, VectorWeights shift, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        Recorded x = At(workspace, input);
        string scaled = _graph.Node("Mul", [x.As(x.Native), Constants.Vector(((RecordedVector)scale).Values)]);
        Set(workspace, output, x.Native, _graph.Node("Add", [scaled, Constants.Vector(((RecordedVector)shift).Values)]));
    }

    protected override void NormalizeL2Core(Workspace workspace, Tensor input, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        Recorded x = At(workspace, input);
        Set(workspace, output, x.Native, _graph.Node("LpNormalization", [x.As(x.Native)], new OnnxAttribute("p", 2L), new OnnxAttribute("axis", -1L)));
    }

    protected override void SoftmaxCore(Workspace workspace, Tensor input, Tensor output, bool log)
    {
        if (IsIdle(workspace))
            return;
        Recorded x = At(workspace, input);
        Set(workspace, output, x.Native, _graph.Node(log ? "LogSoftmax" : "Softmax", [x.As(x.Native)], new OnnxAttribute("axis", -1L)));
    }

    private string Standard(string x, RecordedLayerNorm norm) => _graph.Node(
        "LayerNormalization",
        [x, Constants.Vector(norm.Gamma), Constants.Vector(norm.Beta)],
        new OnnxAttribute("axis", -1L),
        new OnnxAttribute("epsilon", (float)norm.Epsilon));

    private string UnbiasedStd(string x, RecordedLayerNorm norm)
    {
        string last = _graph.Ints(-1);
        string centred = _graph.Node("Sub", [x, _graph.Node("ReduceMean", [x, last])]);
        string squares = _graph.Node("ReduceSumSquare", [centred, last]);
        string variance = _graph.Node("Div", [squares, _graph.Scalar((float)(norm.Size - 1))]);
        string deviation = _graph.Node("Add", [_graph.Node("Sqrt", [variance]), _graph.Scalar((float)norm.Epsilon)]);
        string scaled = _graph.Node("Mul", [_graph.Node("Div", [centred, deviation]), Constants.Vector(norm.Gamma)]);
        return _graph.Node("Add", [scaled, Constants.Vector(norm.Beta)]);
    }
}
