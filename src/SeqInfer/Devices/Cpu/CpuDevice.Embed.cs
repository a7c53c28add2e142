using SeqInfer.Kernels.Embedding;
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
        CpuTable rows = (CpuTable)table;
        int* idPointer = Pointer(workspace, ids);
        float* y = Pointer(workspace, output);
        if (positionTable is not CpuTable places)
        {
            LookUp(rows, idPointer, output.RowCount, scale, null, null, y, output.Stride);
            return;
        }

        int* positionPointer = Pointer(workspace, positions);
        bool together = rows.DType == places.DType;
        LookUp(rows, idPointer, output.RowCount, scale, together ? places : null, positionPointer, y, output.Stride);
        if (!together) AddRows(places, positionPointer, output.RowCount, y, output.Stride);
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

    protected override void GatherRowsCore(Workspace workspace, Tensor input, Indices rows, Tensor output) =>
        RowGather.Apply<V, F32Rows, float>(
            Pointer(workspace, input), input.Stride, Pointer(workspace, rows), rows.Count, output.ColumnCount, 1,
            Pointer(workspace, output), output.Stride);

    private static void SumBags<TFormat, TElement>(
        Workspace workspace, Indices ids, Ragged bags, CpuTable table, Tensor? weights, Tensor output)
        where TFormat : struct, IRowFormat<TElement>
        where TElement : unmanaged =>
        EmbedBag<V, TFormat, TElement>.Sum(
            (TElement*)table.Pointer,
            table.Stride,
            table.ColumnCount,
            Pointer(workspace, ids),
            weights is { } factors ? Pointer(workspace, factors) : null,
            Pointer(workspace, bags.Offsets),
            bags.Count,
            Pointer(workspace, output),
            output.Stride);

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
}
