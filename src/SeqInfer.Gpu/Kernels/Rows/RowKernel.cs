using ILGPU;

namespace SeqInfer.Gpu.Kernels.Rows;

/// <summary>Number of rows and the operands.</summary>
internal readonly struct RowArgs<TBody>(int rowCount, TBody body)
    where TBody : struct, IRowBody
{
    public readonly int RowCount = rowCount;

    public readonly TBody Body = body;
}

/// <summary>Functions of whole rows; groups stride over the rows, all threads of a group make the same number of steps.</summary>
internal static class RowKernel<TLanes, TBody>
    where TLanes : struct, ILanes
    where TBody : struct, IRowBody
{
    public static void Run(RowArgs<TBody> args)
    {
        TLanes lanes = default;
        lanes.Begin();
        int rowsOfGroup = Group.DimX / lanes.Count;
        int ownRow = Group.IdxX / lanes.Count;
        for (int first = Grid.IdxX * rowsOfGroup; first < args.RowCount; first += Grid.DimX * rowsOfGroup)
        {
            int row = first + ownRow;
            bool writes = row < args.RowCount;
            args.Body.Row(writes ? row : args.RowCount - 1, writes, lanes);
        }
    }
}
