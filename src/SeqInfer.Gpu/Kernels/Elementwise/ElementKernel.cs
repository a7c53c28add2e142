using ILGPU;

namespace SeqInfer.Gpu.Kernels.Elementwise;

/// <summary>Size of the result, how a group is laid over it, and the operands.</summary>
internal readonly struct ElementArgs<TBody>(int rowCount, int columnCount, int laneShift, TBody body)
    where TBody : struct, IElementBody
{
    public readonly int RowCount = rowCount;

    public readonly int ColumnCount = columnCount;

    public readonly int LaneShift = laneShift;

    public readonly TBody Body = body;
}

/// <summary>
/// One thread an element. A group is 2^shift neighbouring columns wide, so that its reads and writes are contiguous, and as many rows high
/// as it has threads left; groups stride over the rest of the matrix. No divisions, any group size.
/// </summary>
internal static class ElementKernel<TBody>
    where TBody : struct, IElementBody
{
    public static void Run(ElementArgs<TBody> args)
    {
        int shift = args.LaneShift;
        int firstColumn = (Grid.IdxY << shift) + (Group.IdxX & ((1 << shift) - 1));
        int columnStep = Grid.DimY << shift;
        int rowsOfGroup = Group.DimX >> shift;
        int rowStep = Grid.DimX * rowsOfGroup;
        for (int row = (Grid.IdxX * rowsOfGroup) + (Group.IdxX >> shift); row < args.RowCount; row += rowStep)
        {
            for (int column = firstColumn; column < args.ColumnCount; column += columnStep)
                args.Body.At(row, column);
        }
    }
}
