using ILGPU;

namespace SeqInfer.Gpu.Kernels.Gemm;

/// <summary>The operands of the group versions of the linear layer.</summary>
internal readonly struct LinearArgs(
    Window input, int isAligned, int rowCount, int inputSize, int outputSize, PackedWeights weights, Epilogue epilogue, int shift)
{
    public readonly Window Input = input;

    /// <summary>1 where every row of the input begins at a multiple of 16 bytes.</summary>
    public readonly int IsAligned = isAligned;

    public readonly int RowCount = rowCount;

    public readonly int InputSize = inputSize;

    public readonly int OutputSize = outputSize;

    public readonly PackedWeights Weights = weights;

    public readonly Epilogue Epilogue = epilogue;

    /// <summary>How the threads of a group are laid out: see the kernel.</summary>
    public readonly int Shift = shift;
}

/// <summary>
/// Linear layer, version 2: a group computes a tile of as many rows as columns from tiles of both operands in shared memory, each thread
/// 4 x 4 of it in registers. The threads are a square of 2^shift a side, so 256 of them make a tile of 64 x 64. The input's tile lies
/// transposed, so that a thread's four rows are one 16-byte load.
/// </summary>
internal static class TileLinearKernel<TTerm>
    where TTerm : struct, ITerm
{
    /// <summary>Inputs of a tile; a block of the order of summation is a whole number of them.</summary>
    private const int Depth = 16;

    private const int MaxSide = 16;
    private const int MaxPitch = MaxSide + 1;

    public static void Run(LinearArgs args)
    {
        // A row of either tile holds the tile's width and four floats that spread its columns over the banks
        ArrayView<Float4> xTile = SharedMemory.Allocate<Float4>(Depth * MaxPitch);
        ArrayView<Float4> wTile = SharedMemory.Allocate<Float4>(Depth * MaxPitch);
        int side = 1 << args.Shift;
        int tileWidth = 4 * side;
        for (int firstRow = Grid.IdxY * tileWidth; firstRow < args.RowCount; firstRow += Grid.DimY * tileWidth)
        {
            for (int firstColumn = Grid.IdxX * tileWidth; firstColumn < args.OutputSize; firstColumn += Grid.DimX * tileWidth)
                Tile(args, firstRow, firstColumn, xTile, wTile);
        }
    }

    private static void Tile(LinearArgs args, int firstRow, int firstColumn, ArrayView<Float4> xTile, ArrayView<Float4> wTile)
    {
        int side = 1 << args.Shift;
        int pitch = side + 1;
        int tx = Group.IdxX & (side - 1);
        int ty = Group.IdxX >> args.Shift;
        Float4 total0 = default;
        Float4 total1 = default;
        Float4 total2 = default;
        Float4 total3 = default;
        Float4 sum0 = default;
        Float4 sum1 = default;
        Float4 sum2 = default;
        Float4 sum3 = default;
        for (int first = 0; first < args.InputSize; first += Depth)
        {
            LoadInput(args, firstRow, first, pitch, xTile);
            LoadWeights(args, firstColumn, first, pitch, wTile);
            GpuGroup.Barrier();
            int x = ty;
            int w = tx;
            for (int k = 0; k < Depth; k += 2)
            {
                Float4 a = xTile[x];
                Float4 b = wTile[w];
                Float4 nextA = xTile[x + pitch];
                Float4 nextB = wTile[w + pitch];
                sum0 = Add(sum0, a.X, b);
                sum1 = Add(sum1, a.Y, b);
                sum2 = Add(sum2, a.Z, b);
                sum3 = Add(sum3, a.W, b);
                sum0 = Add(sum0, nextA.X, nextB);
                sum1 = Add(sum1, nextA.Y, nextB);
                sum2 = Add(sum2, nextA.Z, nextB);
                sum3 = Add(sum3, nextA.W, nextB);
                x += 2 * pitch;
                w += 2 * pitch;
            }

            if (((first + Depth) & (LinearBody<TTerm>.Block - 1)) == 0)
            {
                total0 += sum0;
                total1 += sum1;
                total2 += sum2;
                total3 += sum3;
                sum0 = default;
                sum1 = default;
                sum2 = default;
                sum3 = default;
            }

            GpuGroup.Barrier();
        }

        // Where the last block was whole, zeros are added
        int row = firstRow + (4 * ty);
        int column = firstColumn + (4 * tx);
        Store(args, row, column, total0 + sum0);
        Store(args, row + 1, column, total1 + sum1);
        Store(args, row + 2, column, total2 + sum2);
        Store(args, row + 3, column, total3 + sum3);
    }

    private static Float4 Add(Float4 sum, float x, Float4 w) => new(
        default(TTerm).Add(sum.X, x, w.X), default(TTerm).Add(sum.Y, x, w.Y), default(TTerm).Add(sum.Z, x, w.Z), default(TTerm).Add(sum.W, x, w.W));

    /// <summary>Four neighbouring inputs of a row a thread; zeros past the end.</summary>
    private static void LoadInput(LinearArgs args, int firstRow, int first, int pitch, ArrayView<Float4> tile)
    {
        ArrayView<float> scalars = tile.Cast<float>();
        int quads = Depth / 4;
        int count = (pitch - 1) * 4 * quads;
        for (int i = Group.IdxX; i < count; i += Group.DimX)
        {
            int row = i / quads;
            int k = i % quads * 4;
            Float4 x = Load(args, firstRow + row, first + k);
            int place = (k * pitch * 4) + row;
            scalars[place] = x.X;
            scalars[place + (4 * pitch)] = x.Y;
            scalars[place + (8 * pitch)] = x.Z;
            scalars[place + (12 * pitch)] = x.W;
        }
    }

    private static Float4 Load(LinearArgs args, int row, int k)
    {
        Float4 x = default;
        if (row >= args.RowCount || k >= args.InputSize)
            return x;
        long start = ((long)row * args.Input.Stride) + k;
        if (args.IsAligned != 0 && k + 4 <= args.InputSize)
            return args.Input.Data.Cast<Float4>()[start >> 2];
        x.X = args.Input.Data[start];
        if (k + 1 < args.InputSize)
            x.Y = args.Input.Data[start + 1];
        if (k + 2 < args.InputSize)
            x.Z = args.Input.Data[start + 2];
        if (k + 3 < args.InputSize)
            x.W = args.Input.Data[start + 3];
        return x;
    }

    /// <summary>Four neighbouring outputs of an input a thread; zeros past the end.</summary>
    private static void LoadWeights(LinearArgs args, int firstColumn, int first, int pitch, ArrayView<Float4> tile)
    {
        ArrayView<Float4> weights = args.Weights.Data.Cast<Float4>();
        int side = 1 << args.Shift;
        for (int i = Group.IdxX; i < Depth * side; i += Group.DimX)
        {
            int k = i >> args.Shift;
            int quad = i & (side - 1);
            int column = firstColumn + (4 * quad);
            Float4 w = default;
            if (first + k < args.InputSize && column < args.Weights.Stride)
                w = weights[(((long)(first + k) * args.Weights.Stride) + column) >> 2];
            tile[(k * pitch) + quad] = w;
        }
    }

    private static void Store(LinearArgs args, int row, int column, Float4 sum)
    {
        if (row >= args.RowCount)
            return;
        Store(args, row, column, sum.X);
        Store(args, row, column + 1, sum.Y);
        Store(args, row, column + 2, sum.Z);
        Store(args, row, column + 3, sum.W);
    }

    private static void Store(LinearArgs args, int row, int column, float sum)
    {
        if (column < args.OutputSize)
            args.Epilogue.Store(row, column, sum, args.Weights.Bias[column]);
    }
}
