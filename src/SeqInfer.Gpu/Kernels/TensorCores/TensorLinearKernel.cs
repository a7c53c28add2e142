using ILGPU;
using SeqInfer.Gpu.Kernels.Gemm;
using SeqInfer.Gpu.Kernels.Rows;

namespace SeqInfer.Gpu.Kernels.TensorCores;

/// <summary>The operands of a linear layer on tensor cores.</summary>
internal readonly struct TensorLinearArgs(
    QuadColumns input, int rowCount, int outputSize, PackedWeights weights, Epilogue epilogue)
{
    public readonly QuadColumns Input = input;

    public readonly int RowCount = rowCount;

    public readonly int OutputSize = outputSize;

    public readonly PackedWeights Weights = weights;

    public readonly Epilogue Epilogue = epilogue;
}

/// <summary>
/// Linear layer, version 4, on tensor cores: only where it is asked for, since it rounds both operands. A group has a tile of 64 columns and eight rows
/// a warp; pairs of warps share 16 rows, each with 32 of the columns. Both operands lie in shared memory as words that tensor cores take, sixteen
/// words of the inner dimension at a time; the pitches spread the words that a warp reads at once over all banks. A result does not depend on how
/// many rows there are.
/// </summary>
internal static class TensorLinearKernel<TFormat>
    where TFormat : struct, ITensorFormat
{
    /// <summary>Columns of a tile.</summary>
    public const int TileColumns = 64;

    /// <summary>Rows that a warp adds to a tile.</summary>
    public const int RowsOfWarp = TensorCore.Rows / 2;

    private const int Depth = 2 * TensorCore.Words;
    private const int MaxRows = SharedLanes.MaxGroupSize / TensorCore.WarpSize * RowsOfWarp;
    private const int InputPitch = Depth + 4;
    private const int WeightPitch = TileColumns + 8;
    private const int Quad = QuadColumns.Width;

    public static void Run(TensorLinearArgs args)
    {
        ArrayView<uint> inputs = SharedMemory.Allocate<uint>(MaxRows * InputPitch);
        ArrayView<uint> weights = SharedMemory.Allocate<uint>(Depth * WeightPitch);
        int tileRows = Group.DimX / TensorCore.WarpSize * RowsOfWarp;
        for (int firstRow = Grid.IdxY * tileRows; firstRow < args.RowCount; firstRow += Grid.DimY * tileRows)
        {
            for (int firstColumn = Grid.IdxX * TileColumns; firstColumn < args.OutputSize; firstColumn += Grid.DimX * TileColumns)
                Tile(args, firstRow, firstColumn, tileRows, inputs, weights);
        }
    }

    private static void Tile(
        TensorLinearArgs args, int firstRow, int firstColumn, int tileRows, ArrayView<uint> inputs, ArrayView<uint> weights)
    {
        int warp = Group.IdxX / TensorCore.WarpSize;
        int group = (Group.IdxX & (TensorCore.WarpSize - 1)) >> 2;
        int inGroup = Group.IdxX & 3;
        int ownRow = warp / 2 * TensorCore.Rows;
        int ownColumn = (warp & 1) * (TileColumns / 2);
        Float4 sum0 = default;
        Float4 sum1 = default;
        Float4 sum2 = default;
        Float4 sum3 = default;
        int shift = default(TFormat).Shift;
        for (int first = 0; first < args.Input.ColumnCount; first += Depth << shift)
        {
            LoadInputs(args, firstRow, first, tileRows, inputs);
            LoadWeights(args, firstColumn, first, weights);
            GpuGroup.Barrier();
            for (int word = 0; word < Depth; word += TensorCore.Words)
            {
                int a = ((ownRow + group) * InputPitch) + word + inGroup;
                uint a0 = inputs[a];
                uint a1 = inputs[a + (8 * InputPitch)];
                uint a2 = inputs[a + 4];
                uint a3 = inputs[a + (8 * InputPitch) + 4];
                int b = ((word + inGroup) * WeightPitch) + ownColumn + group;
                sum0 = Multiply(sum0, a0, a1, a2, a3, weights, b);
                sum1 = Multiply(sum1, a0, a1, a2, a3, weights, b + TensorCore.Columns);
                sum2 = Multiply(sum2, a0, a1, a2, a3, weights, b + (2 * TensorCore.Columns));
                sum3 = Multiply(sum3, a0, a1, a2, a3, weights, b + (3 * TensorCore.Columns));
            }

            GpuGroup.Barrier();
        }

        int row = firstRow + ownRow + group;
        int column = firstColumn + ownColumn + (2 * inGroup);
        Store(args, row, column, sum0);
        Store(args, row, column + TensorCore.Columns, sum1);
        Store(args, row, column + (2 * TensorCore.Columns), sum2);
        Store(args, row, column + (3 * TensorCore.Columns), sum3);
    }

    private static Float4 Multiply(Float4 sum, uint a0, uint a1, uint a2, uint a3, ArrayView<uint> weights, int b) =>
        default(TFormat).Multiply(sum, a0, a1, a2, a3, weights[b], weights[b + (4 * WeightPitch)]);

    /// <summary>Four neighbouring inputs of a row a thread; zeros past the ends.</summary>
    private static void LoadInputs(TensorLinearArgs args, int firstRow, int first, int tileRows, ArrayView<uint> tile)
    {
        int shift = default(TFormat).Shift;
        int quads = (Depth << shift) / Quad;
        for (int i = Group.IdxX; i < tileRows * quads; i += Group.DimX)
        {
            int row = i / quads;
            int k = i % quads * Quad;
            Float4 x = default;
            if (firstRow + row < args.RowCount)
                x = args.Input.Load(firstRow + row, first + k);
            int place = (row * InputPitch) + (k >> shift);
            if (shift == 0)
            {
                tile[place] = default(TFormat).Pack(x.X, 0);
                tile[place + 1] = default(TFormat).Pack(x.Y, 0);
                tile[place + 2] = default(TFormat).Pack(x.Z, 0);
                tile[place + 3] = default(TFormat).Pack(x.W, 0);
            }
            else
            {
                tile[place] = default(TFormat).Pack(x.X, x.Y);
                tile[place + 1] = default(TFormat).Pack(x.Z, x.W);
            }
        }
    }

    /// <summary>A word of four neighbouring outputs a thread; zeros past the ends.</summary>
    private static void LoadWeights(TensorLinearArgs args, int firstColumn, int first, ArrayView<uint> tile)
    {
        const int Quads = TileColumns / Quad;
        int shift = default(TFormat).Shift;
        for (int i = Group.IdxX; i < Depth * Quads; i += Group.DimX)
        {
            int word = i / Quads;
            int quad = i % Quads * Quad;
            int k = first + (word << shift);
            Float4 w = LoadWeight(args, k, firstColumn + quad);
            Float4 next = shift == 0 ? default : LoadWeight(args, k + 1, firstColumn + quad);
            int place = (word * WeightPitch) + quad;
            tile[place] = default(TFormat).Pack(w.X, next.X);
            tile[place + 1] = default(TFormat).Pack(w.Y, next.Y);
            tile[place + 2] = default(TFormat).Pack(w.Z, next.Z);
            tile[place + 3] = default(TFormat).Pack(w.W, next.W);
        }
    }

    private static Float4 LoadWeight(TensorLinearArgs args, int k, int column) =>
        k < args.Input.ColumnCount && column < args.Weights.Stride
            ? args.Weights.Data.Cast<Float4>()[(((long)k * args.Weights.Stride) + column) >> 2]
            : default;

    /// <summary>Two neighbouring columns of a row and of the eighth row after it.</summary>
    private static void Store(TensorLinearArgs args, int row, int column, Float4 sum)
    {
        Store(args, row, column, sum.X);
        Store(args, row, column + 1, sum.Y);
        Store(args, row + TensorCore.Columns, column, sum.Z);
        Store(args, row + TensorCore.Columns, column + 1, sum.W);
    }

    private static void Store(TensorLinearArgs args, int row, int column, float sum)
    {
        if (row < args.RowCount && column < args.OutputSize)
            args.Epilogue.Store(row, column, sum, args.Weights.Bias[column]);
    }
}
