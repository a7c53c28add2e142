using ILGPU;
using SeqInfer.Gpu.Kernels.Rows;

namespace SeqInfer.Gpu.Kernels.Gemm;

/// <summary>
/// Linear layer, version 3, for few rows: what counts is to read the weights at full speed, by as many threads as there are. A group has four
/// rows and neighbouring columns; 2^shift threads share a column, and each sums up blocks of inputs of its own, which are then added in the
/// order of all versions. The rows of a round of blocks lie in shared memory, four of one input together.
/// </summary>
internal static class RowsLinearKernel<TTerm>
    where TTerm : struct, ITerm
{
    /// <summary>Rows of a group.</summary>
    public const int RowCount = 4;

    /// <summary>The most threads that share a column.</summary>
    public const int MaxBlocks = 8;

    private const int Block = LinearBody<TTerm>.Block;

    public static void Run(LinearArgs args)
    {
        ArrayView<Float4> inputs = SharedMemory.Allocate<Float4>(MaxBlocks * Block);
        ArrayView<Float4> parts = SharedMemory.Allocate<Float4>(SharedLanes.MaxGroupSize);
        int columnsOfGroup = Group.DimX >> args.Shift;
        for (int firstRow = Grid.IdxY * RowCount; firstRow < args.RowCount; firstRow += Grid.DimY * RowCount)
        {
            for (int firstColumn = Grid.IdxX * columnsOfGroup; firstColumn < args.OutputSize; firstColumn += Grid.DimX * columnsOfGroup)
                Strip(args, firstRow, firstColumn, inputs, parts);
        }
    }

    private static void Strip(LinearArgs args, int firstRow, int firstColumn, ArrayView<Float4> inputs, ArrayView<Float4> parts)
    {
        int columnsOfGroup = Group.DimX >> args.Shift;
        int blocksOfRound = 1 << args.Shift;
        int ownColumn = Group.IdxX & (columnsOfGroup - 1);
        int ownBlock = Group.IdxX / columnsOfGroup;
        int column = firstColumn + ownColumn;
        bool isInside = column < args.OutputSize;
        Float4 total = default;
        for (int first = 0; first < args.InputSize; first += blocksOfRound * Block)
        {
            int count = IntrinsicMath.Min(blocksOfRound * Block, args.InputSize - first);
            for (int i = Group.IdxX; i < count; i += Group.DimX)
                inputs[i] = Rows(args, firstRow, first + i);
            GpuGroup.Barrier();
            int start = ownBlock * Block;
            int end = IntrinsicMath.Min(start + Block, count);
            parts[Group.IdxX] = isInside ? Sum(args, column, first, start, end, inputs) : default;
            GpuGroup.Barrier();
            for (int block = 0; block < blocksOfRound && first + (block * Block) < args.InputSize; block++)
                total += parts[(block * columnsOfGroup) + ownColumn];
            GpuGroup.Barrier();
        }

        if (!isInside || ownBlock != 0)
            return;
        float bias = args.Weights.Bias[column];
        Store(args, firstRow, column, total.X, bias);
        Store(args, firstRow + 1, column, total.Y, bias);
        Store(args, firstRow + 2, column, total.Z, bias);
        Store(args, firstRow + 3, column, total.W, bias);
    }

    /// <summary>A block's sum; four weights are under way at once.</summary>
    private static Float4 Sum(LinearArgs args, int column, int first, int start, int end, ArrayView<Float4> inputs)
    {
        Float4 sum = default;
        ArrayView<float> weights = args.Weights.Data;
        long stride = args.Weights.Stride;
        long w = ((first + start) * stride) + column;
        int k = start;
        for (; k + 4 <= end; k += 4)
        {
            float w0 = weights[w];
            float w1 = weights[w + stride];
            float w2 = weights[w + (2 * stride)];
            float w3 = weights[w + (3 * stride)];
            sum = Add(sum, inputs[k], w0);
            sum = Add(sum, inputs[k + 1], w1);
            sum = Add(sum, inputs[k + 2], w2);
            sum = Add(sum, inputs[k + 3], w3);
            w += 4 * stride;
        }

        for (; k < end; k++)
        {
            sum = Add(sum, inputs[k], weights[w]);
            w += stride;
        }

        return sum;
    }

    private static Float4 Add(Float4 sum, Float4 x, float w) => new(
        default(TTerm).Add(sum.X, x.X, w), default(TTerm).Add(sum.Y, x.Y, w), default(TTerm).Add(sum.Z, x.Z, w), default(TTerm).Add(sum.W, x.W, w));

    /// <summary>One input of four rows; rows past the end read the last one, and are not stored.</summary>
    private static Float4 Rows(LinearArgs args, int firstRow, int k)
    {
        int last = args.RowCount - 1;
        return new Float4(
            args.Input[firstRow, k],
            args.Input[IntrinsicMath.Min(firstRow + 1, last), k],
            args.Input[IntrinsicMath.Min(firstRow + 2, last), k],
            args.Input[IntrinsicMath.Min(firstRow + 3, last), k]);
    }

    private static void Store(LinearArgs args, int row, int column, float sum, float bias)
    {
        if (row < args.RowCount)
            args.Epilogue.Store(row, column, sum, bias);
    }
}
