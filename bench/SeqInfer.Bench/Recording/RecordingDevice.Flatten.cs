using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Recording;

internal sealed partial class RecordingDevice
{
    protected override void FlattenCore(Workspace workspace, Tensor input, int steps, FlattenOrder order, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        string rows = Reshape(At(workspace, input).As(Layout.Flat), -1, steps, input.ColumnCount);
        if (order == FlattenOrder.ChannelsFirst)
            rows = Transpose(rows, 0, 2, 1);
        Set(workspace, output, Layout.Flat, Reshape(rows, -1, output.ColumnCount));
    }
}
