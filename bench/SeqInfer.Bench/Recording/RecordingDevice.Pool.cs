using SeqInfer.Bench.Onnx;
using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Recording;

internal sealed partial class RecordingDevice
{
    protected override void PoolCore(Workspace workspace, Tensor input, Ragged sequences, PoolKind kind, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        int length = LengthOf(workspace, sequences);
        Recorded x = At(workspace, input);
        if (kind == PoolKind.Last && length == _shape.Length)
        {
            Set(workspace, output, RowOfEach(x, length - 1));
            return;
        }

        if (options.IsPadded)
            throw new RecordingException($"pooling by {kind} over padded sequences is not recorded");
        string rows = Reshape(x.As(Layout.Flat), -1, length, x.ColumnCount);
        string y = kind switch
        {
            PoolKind.Last => _graph.Node("Gather", [rows, _graph.Scalar(length - 1L)], new OnnxAttribute("axis", 1L)),
            PoolKind.Mean => Reduce("ReduceMean", rows),
            PoolKind.Max => Reduce("ReduceMax", rows),
            PoolKind.Sum => Reduce("ReduceSum", rows),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
        Set(workspace, output, Layout.Flat, y);
    }

    private string Reduce(string operation, string rows) => _graph.Node(operation, [rows, _graph.Ints(1)], new OnnxAttribute("keepdims", 0L));
}
