using SeqInfer.Kernels.Pooling;
using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    protected override void PoolCore(Workspace workspace, Tensor input, Ragged sequences, PoolKind kind, Tensor output)
    {
        switch (kind)
        {
            case PoolKind.Last:
                CopyLastRows(workspace, input, sequences, output);
                break;
            case PoolKind.Mean:
                Pool<MeanPooling>(workspace, input, sequences, output);
                break;
            case PoolKind.Max:
                Pool<MaxPooling>(workspace, input, sequences, output);
                break;
            case PoolKind.Sum:
                Pool<SumPooling>(workspace, input, sequences, output);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }

    private static void Pool<TPooling>(Workspace workspace, Tensor input, Ragged sequences, Tensor output)
        where TPooling : struct, IPooling =>
        PoolingKernel.Segments<V, TPooling>(
            Pointer(workspace, input), input.Stride, Pointer(workspace, sequences.Offsets), sequences.Count, output.ColumnCount,
            Pointer(workspace, output), output.Stride);

    private static void CopyLastRows(Workspace workspace, Tensor input, Ragged sequences, Tensor output)
    {
        ReadOnlySpan<int> offsets = workspace.Span(sequences.Offsets);
        float* x = Pointer(workspace, input);
        float* y = Pointer(workspace, output);
        for (int s = 0; s < sequences.Count; s++, y += output.Stride)
        {
            Span<float> row = new(y, output.ColumnCount);
            int end = offsets[s + 1];
            if (end == offsets[s]) row.Clear();
            else new ReadOnlySpan<float>(x + ((nint)(end - 1) * input.Stride), output.ColumnCount).CopyTo(row);
        }
    }
}
