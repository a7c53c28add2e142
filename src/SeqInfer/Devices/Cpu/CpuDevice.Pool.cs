using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Kernels;
using SeqInfer.Kernels.Pooling;
using SeqInfer.Kernels.Recurrent;
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

    private void Pool<TPooling>(Workspace workspace, Tensor input, Ragged sequences, Tensor output)
        where TPooling : struct, IPooling
    {
        PoolJob<TPooling> job = new(
            Rows(workspace, input), Pointer(workspace, sequences.Offsets), sequences.Count, output.ColumnCount, Rows(workspace, output));
        Split(ref job, job.Shares.Count, input.ElementCount * Cost.Simple);
    }

    private void CopyLastRows(Workspace workspace, Tensor input, Ragged sequences, Tensor output)
    {
        LastRowJob job = new(Rows(workspace, input), Pointer(workspace, sequences.Offsets), Rows(workspace, output), output.ColumnCount);
        Split(ref job, sequences.Count, GatherCost(output.RowCount, output.ColumnCount));
    }

    private readonly struct PoolJob<TPooling>(StridedRows x, int* offsets, int sequences, int columns, StridedRows y) : IParallelJob
        where TPooling : struct, IPooling
    {
        public SharePlan Shares => new(offsets, sequences, perList: 1);

        public void Run(int begin, int end, int worker)
        {
            int first = Shares.First(begin);
            PoolingKernel.Segments<V, TPooling>(
                x.First, x.Stride, offsets + first, Shares.First(end) - first, columns, y.Row(first), y.Stride);
        }
    }

    private readonly struct LastRowJob(StridedRows x, int* offsets, StridedRows y, int columns) : IParallelJob
    {
        public void Run(int begin, int end, int worker)
        {
            for (int s = begin; s < end; s++)
            {
                Span<float> row = new(y.Row(s), columns);
                int last = offsets[s + 1] - 1;
                if (last < offsets[s]) row.Clear();
                else new ReadOnlySpan<float>(x.Row(last), columns).CopyTo(row);
            }
        }
    }
}
