using SeqInfer.Bench.Onnx;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Bench.Recording;

internal sealed partial class RecordingDevice
{
    protected override void RecurrentCore(
        Workspace workspace,
        Tensor input,
        RecurrentWeights weights,
        Ragged sequences,
        RecurrentState initial,
        Tensor? output,
        RecurrentState final,
        Tensor? attention)
    {
        if (IsIdle(workspace))
            return;
        var layer = (RecordedRecurrent)weights;
        RecurrentSpec spec = layer.Spec;
        if (attention is not null)
            throw new RecordingException("ONNX has no recurrent operator with attention");
        if (layer.WeightIh is null)
            throw new RecordingException("the recurrent operators of ONNX take no input that is projected already");
        if (options.IsPadded)
            throw new RecordingException("a recurrent layer over padded sequences is not recorded");
        if (LengthOf(workspace, sequences) != _shape.Length)
            throw new RecordingException("a recurrent layer runs over whole sequences");

        string[] y = _graph.Node(
            OperatorOf(spec.Cell),
            [.. RecurrentInputs(At(workspace, input).As(Layout.TimeMajor), layer, State(workspace, initial.Hidden), State(workspace, initial.Cell))],
            spec.HasCellState ? 3 : 2,
            [.. RecurrentAttributes(spec)]);
        if (output is { } rows)
            Set(workspace, rows, Layout.TimeMajor, _graph.Node("Squeeze", [y[0], _graph.Ints(1)]));
        if (final.Hidden is { } hidden)
            Set(workspace, hidden, Layout.Flat, _graph.Node("Squeeze", [y[1], _graph.Ints(0)]));
        if (final.Cell is { } cell)
            Set(workspace, cell, Layout.Flat, _graph.Node("Squeeze", [y[2], _graph.Ints(0)]));
    }

    private static string OperatorOf(RecurrentCell cell) => cell switch
    {
        RecurrentCell.Lstm => "LSTM",
        RecurrentCell.Gru or RecurrentCell.GruResetFirst => "GRU",
        _ => "RNN",
    };

    // ONNX's gates are i o f c and z r h; PyTorch's are i f g o and r z n.
    private static int[] GateOrder(RecurrentCell cell) => cell switch
    {
        RecurrentCell.Lstm => [0, 3, 1, 2],
        RecurrentCell.Gru or RecurrentCell.GruResetFirst => [1, 0, 2],
        _ => [0],
    };

    private static List<OnnxAttribute> RecurrentAttributes(RecurrentSpec spec)
    {
        List<OnnxAttribute> attributes =
        [
            new("hidden_size", spec.HiddenSize),
            new("direction", spec.Reverse ? "reverse" : "forward"),
        ];
        if (spec.Cell == RecurrentCell.Gru)
            attributes.Add(new("linear_before_reset", 1L));
        if (spec.Cell is RecurrentCell.RnnTanh or RecurrentCell.RnnRelu)
            attributes.Add(new("activations", spec.Cell == RecurrentCell.RnnTanh ? ["Tanh"] : ["Relu"]));
        return attributes;
    }

    private List<string> RecurrentInputs(string x, RecordedRecurrent layer, string? hidden, string? cell)
    {
        RecurrentSpec spec = layer.Spec;
        int gates = spec.GateCount * spec.HiddenSize;
        List<string> inputs = [x, Gates(layer.WeightIh!, spec), Gates(layer.WeightHh, spec)];
        bool hasBias = layer.BiasIh is not null || layer.BiasHh is not null;
        inputs.Add(hasBias ? Constants.Get(layer.WeightHh, "biases", () => _graph.Constant(Biases(layer), 1, 2 * gates)) : "");
        if (hidden is null && cell is null)
            return inputs;
        inputs.AddRange(["", hidden ?? ""]);
        if (cell is not null)
            inputs.Add(cell);
        return inputs;
    }

    private string Gates(Parameter weight, RecurrentSpec spec) =>
        Constants.Get(weight, "gates", () => _graph.Constant(Reorder(weight.ToFloatArray(), spec), 1, weight.Rows, weight.Columns));

    private static float[] Biases(RecordedRecurrent layer)
    {
        int gates = layer.Spec.GateCount * layer.Spec.HiddenSize;
        return [.. Reorder(layer.BiasIh?.ToFloatArray() ?? new float[gates], layer.Spec), .. Reorder(layer.BiasHh?.ToFloatArray() ?? new float[gates], layer.Spec)];
    }

    private static float[] Reorder(float[] values, RecurrentSpec spec)
    {
        int[] order = GateOrder(spec.Cell);
        int length = values.Length / order.Length;
        float[] reordered = new float[values.Length];
        for (int gate = 0; gate < order.Length; gate++)
            values.AsSpan(order[gate] * length, length).CopyTo(reordered.AsSpan(gate * length));
        return reordered;
    }

    private string? State(Workspace workspace, Tensor? state) =>
        state is { } window ? _graph.Node("Unsqueeze", [At(workspace, window).As(Layout.Flat), _graph.Ints(0)]) : null;
}
