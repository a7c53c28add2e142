using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Kernels;
using SeqInfer.Kernels.Embedding;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Tensors;
using SeqInfer.Weights;
using RowGather = SeqInfer.Kernels.Embedding.GatherRows;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    public override Table CreateTable(Parameter rows) => new CpuTable(this, rows);

    protected override void EmbedCore(
        Workspace workspace, Indices ids, Table table, float scale, Indices positions, Table? positionTable, Tensor output)
    {
        EmbedJob job = new(
            (CpuTable)table, Pointer(workspace, ids), scale, (CpuTable?)positionTable,
            positionTable is null ? null : Pointer(workspace, positions), Rows(workspace, output));
        Split(ref job, output.RowCount, GatherCost(output.RowCount, output.ColumnCount));
    }

    protected override void EmbedBagCore(Workspace workspace, Indices ids, Ragged bags, Table table, Tensor? weights, Tensor output)
    {
        if (workspace.IsPlanning)
            return;
        CpuTable rows = (CpuTable)table;
        switch (rows.DType)
        {
            case DType.BF16:
                SumBags<Bf16Rows, ushort>(workspace, ids, bags, rows, weights, output);
                break;
            case DType.F16:
                SumBags<F16Rows, Half>(workspace, ids, bags, rows, weights, output);
                break;
            default:
                SumBags<F32Rows, float>(workspace, ids, bags, rows, weights, output);
                break;
        }
    }

    protected override void GatherRowsCore(Workspace workspace, Tensor input, Indices rows, Tensor output)
    {
        GatherJob job = new(Rows(workspace, input), Pointer(workspace, rows), Rows(workspace, output), output.ColumnCount);
        Split(ref job, output.RowCount, GatherCost(output.RowCount, output.ColumnCount));
    }

    private static double GatherCost(int rows, int columns) => rows * (Cost.Row + (columns * Cost.Gather));

    private void SumBags<TFormat, TElement>(
        Workspace workspace, Indices ids, Ragged bags, CpuTable table, Tensor? weights, Tensor output)
        where TFormat : struct, IRowFormat<TElement>
        where TElement : unmanaged
    {
        BagJob<TFormat, TElement> job = new(
            table,
            Pointer(workspace, ids),
            weights is { } factors ? Pointer(workspace, factors) : null,
            Pointer(workspace, bags.Offsets),
            bags.Count,
            Rows(workspace, output));
        Split(ref job, job.Shares.Count, GatherCost(ids.Count, table.ColumnCount));
    }

    private static void LookUp(CpuTable table, int* ids, int count, float scale, CpuTable? places, int* positions, float* y, nint stride)
    {
        switch (table.DType)
        {
            case DType.BF16:
                LookUpAs<Bf16Rows, ushort>(table, ids, count, scale, places, positions, y, stride);
                break;
            case DType.F16:
                LookUpAs<F16Rows, Half>(table, ids, count, scale, places, positions, y, stride);
                break;
            default:
                LookUpAs<F32Rows, float>(table, ids, count, scale, places, positions, y, stride);
                break;
        }
    }

    private static void LookUpAs<TFormat, TElement>(
        CpuTable table, int* ids, int count, float scale, CpuTable? places, int* positions, float* y, nint stride)
        where TFormat : struct, IRowFormat<TElement>
        where TElement : unmanaged
    {
        TElement* rows = (TElement*)table.Pointer;
        int columns = table.ColumnCount;
        if (places is null)
        {
            RowGather.Apply<V, TFormat, TElement>(rows, table.Stride, ids, count, columns, scale, y, stride);
            return;
        }

        TElement* second = (TElement*)places.Pointer;
        RowGather.ApplyTwo<V, TFormat, TElement>(
            rows, table.Stride, ids, scale, second, places.Stride, positions, count, columns, y, stride);
    }

    private static void AddRows(CpuTable table, int* ids, int count, float* y, nint stride)
    {
        void* rows = table.Pointer;
        int columns = table.ColumnCount;
        switch (table.DType)
        {
            case DType.BF16:
                RowGather.Add<V, Bf16Rows, ushort>((ushort*)rows, table.Stride, ids, count, columns, y, stride);
                break;
            case DType.F16:
                RowGather.Add<V, F16Rows, Half>((Half*)rows, table.Stride, ids, count, columns, y, stride);
                break;
            default:
                RowGather.Add<V, F32Rows, float>((float*)rows, table.Stride, ids, count, columns, y, stride);
                break;
        }
    }

    private readonly struct EmbedJob(CpuTable rows, int* ids, float scale, CpuTable? places, int* positions, StridedRows y) : IParallelJob
    {
        public void Run(int begin, int end, int worker)
        {
            int count = end - begin;
            if (places is null)
            {
                LookUp(rows, ids + begin, count, scale, null, null, y.Row(begin), y.Stride);
                return;
            }

            bool together = rows.DType == places.DType;
            LookUp(rows, ids + begin, count, scale, together ? places : null, positions + begin, y.Row(begin), y.Stride);
            if (!together) AddRows(places, positions + begin, count, y.Row(begin), y.Stride);
        }
    }

    private readonly struct GatherJob(StridedRows x, int* rows, StridedRows y, int columns) : IParallelJob
    {
        public void Run(int begin, int end, int worker) => RowGather.Apply<V, F32Rows, float>(
            x.First, x.Stride, rows + begin, end - begin, columns, 1, y.Row(begin), y.Stride);
    }

    private readonly struct BagJob<TFormat, TElement>(CpuTable table, int* ids, float* weights, int* offsets, int bags, StridedRows y)
        : IParallelJob
        where TFormat : struct, IRowFormat<TElement>
        where TElement : unmanaged
    {
        public SharePlan Shares => new(offsets, bags, perList: 1);

        public void Run(int begin, int end, int worker)
        {
            int first = Shares.First(begin);
            EmbedBag<V, TFormat, TElement>.Sum(
                (TElement*)table.Pointer, table.Stride, table.ColumnCount, ids, weights,
                offsets + first, Shares.First(end) - first, y.Row(first), y.Stride);
        }
    }
}
