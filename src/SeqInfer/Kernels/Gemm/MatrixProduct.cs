using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>y = activation(x W^T + bias) + residual for packed W: cuts the result into tiles and runs the micro-kernels on them.</summary>
/// <remarks>
/// Rows are blocked so that a block of x stays in the second-level cache while all panels pass over it; a panel is read once for each block
/// and stays close while the block's tiles use it. The sum over k is never cut.
/// </remarks>
internal static unsafe class MatrixProduct<V, TStorage>
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    // Bytes of x that are revisited for every panel: part of a second-level cache of 512 KB or more. Of deep matrices the block is larger,
    // since the panels would be read from memory once for every few tiles.
    private const int BlockBytes = 256 * 1024;
    private const int MinBlockTiles = 8;

    /// <summary>Computes all columns.</summary>
    /// <param name="x">[rows, steps], read in place.</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x and of the result.</param>
    /// <param name="weights">W, a plain matrix.</param>
    /// <param name="output">The result, apart from x.</param>
    /// <param name="op">The activation.</param>
    public static void Run<TOp>(float* x, nint xStride, int rows, PackedMatrix<V, TStorage> weights, in LinearOutput output, TOp op)
        where TOp : struct, IUnaryOp => Run(x, xStride, rows, weights, 0, weights.PanelCount, in output, op);

    /// <summary>Computes the columns of some panels.</summary>
    /// <param name="x">[rows, steps], read in place.</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x and of the result.</param>
    /// <param name="weights">W, a plain matrix.</param>
    /// <param name="firstPanel">The first panel; its first column is column 0 of <paramref name="output"/>.</param>
    /// <param name="panelCount">How many panels.</param>
    /// <param name="output">The result, apart from x.</param>
    /// <param name="op">The activation.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TOp>(
        float* x, nint xStride, int rows, PackedMatrix<V, TStorage> weights, int firstPanel, int panelCount, in LinearOutput output, TOp op)
        where TOp : struct, IUnaryOp
    {
        float* scratch = stackalloc float[ScratchTile<V>.Length + (8 * V.Width)];
        new Span<float>(scratch + ScratchTile<V>.Length, 8 * V.Width).Clear();
        int maxRows = TileKernel<V, TStorage>.MaxRows(2);
        int blockRows = Math.Max(BlockBytes / sizeof(float) / Math.Max(weights.Steps, 1) / maxRows, MinBlockTiles) * maxRows;
        for (int row = 0; row < rows; row += blockRows)
        {
            Block block = new(x + (row * xStride), xStride, Math.Min(blockRows, rows - row), output.At(row, 0), scratch);
            int end = firstPanel + panelCount;
            for (int panel = firstPanel; panel < end;)
            {
                int together = PanelsTogether(block.Rows, weights, panel, end);
                LinearOutput target = block.Output.At(0, (panel - firstPanel) * weights.PanelUnits);
                if (together > 1)
                    RunTogether(in block, weights, panel, together, in target, op);
                else
                    RunPanel(in block, weights, panel, in target, op);
                panel += together;
            }
        }
    }

    // How many panels a short batch takes at once.
    private static int PanelsTogether(int rows, PackedMatrix<V, TStorage> weights, int panel, int end)
    {
        if (rows > 2)
            return 1;
        int wide = end - panel - (weights.Vectors(end - 1) == 2 ? 0 : 1);
        return wide >= 4 && rows == 1 ? 4 : wide >= 2 ? 2 : 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunPanel<TOp>(in Block block, PackedMatrix<V, TStorage> weights, int panel, in LinearOutput output, TOp op)
        where TOp : struct, IUnaryOp
    {
        int width = weights.PanelUnits;
        int columns = Math.Min(weights.Units - (panel * width), width);
        bool direct = IsInline<TOp>() && columns == width && output.Residual == null && output.Bias != null;
        byte* weight = weights.Panel(panel);
        int maxRows = TileKernel<V, TStorage>.MaxRows(2);
        int row = 0;
        for (int tiles = (block.Rows + maxRows - 1) / maxRows; tiles > 0; tiles--)
        {
            // Tiles of nearly equal height: a last one of a row or two would wait for its few accumulators.
            int rows = (block.Rows - row + tiles - 1) / tiles;
            LinearOutput target = output.At(row, 0);
            float* x = block.X + (row * block.Stride);
            if (TStorage.IsInteger)
            {
                SumTile<V, Count2> sums = new(block.Scratch);
                RunTile(columns, rows, x, block.Stride, weight, weights.Steps, ref sums);
                // Of a panel of one vector the second holds nothing of use.
                IntegerSums<V>.Scale(block.Scratch, rows, 1, 2, weights.Factors(panel), target.Integers);
            }
            else
            {
                OutputTile<V> tile = direct
                    ? new(target.Y, target.YStride, target.Bias, 0, IsRelu<TOp>())
                    : new(block.Scratch, width, block.Zeros, 0, relu: false);
                RunTile(columns, rows, x, block.Stride, weight, weights.Steps, ref tile);
            }

            if (!direct) ScratchTile<V>.Complete(block.Scratch, width, rows, columns, in target, op);
            row += rows;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunTile<TTile>(int columns, int rows, float* x, nint stride, byte* weight, int steps, ref TTile tile)
        where TTile : struct, ITile<V>
    {
        if (columns > V.Width)
            TileKernel<V, TStorage>.Run<Count2, TTile>(rows, x, stride, weight, steps, ref tile);
        else
            TileKernel<V, TStorage>.Run<Count1, TTile>(rows, x, stride, weight, steps, ref tile);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunTogether<TOp>(
        in Block block, PackedMatrix<V, TStorage> weights, int panel, int panels, in LinearOutput output, TOp op)
        where TOp : struct, IUnaryOp
    {
        int width = panels * weights.PanelUnits;
        int columns = Math.Min(weights.Units - (panel * weights.PanelUnits), width);
        bool direct = IsInline<TOp>() && columns == width && output.Residual == null && output.Bias != null;
        LinearOutput target = direct ? output : new(block.Scratch, width, block.Zeros);
        bool relu = direct && IsRelu<TOp>();
        byte* weight = weights.Panel(panel);
        nint panelBytes = (nint)weights.PanelBytes;
        if (TStorage.IsInteger)
        {
            SumTile<V, Count2> first = new(block.Scratch);
            SumTile<V, Count2> second = new(block.Scratch + width);
            RunRows(in block, weight, panelBytes, weights.Steps, panels, ref first, ref second);
            IntegerSums<V>.Scale(block.Scratch, block.Rows, panels, 2, weights.Factors(panel), output.Integers);
        }
        else
        {
            OutputTile<V> first = new(target.Y, weights.PanelUnits, target.Bias, weights.PanelUnits, relu);
            OutputTile<V> second = new(target.Y + target.YStride, weights.PanelUnits, target.Bias, weights.PanelUnits, relu);
            RunRows(in block, weight, panelBytes, weights.Steps, panels, ref first, ref second);
        }

        if (!direct) ScratchTile<V>.Complete(block.Scratch, width, block.Rows, columns, in output, op);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunRows<TTile>(
        in Block block, byte* weight, nint panelBytes, int steps, int panels, ref TTile first, ref TTile second)
        where TTile : struct, ITile<V>
    {
        if (block.Rows == 2)
            RowKernel<V, TStorage>.TwoRows(block.X, block.Stride, weight, panelBytes, steps, ref first, ref second);
        else if (panels == 4)
            RowKernel<V, TStorage>.OneRow<Count4, Count2, TTile>(block.X, weight, panelBytes, steps, ref first);
        else
            RowKernel<V, TStorage>.OneRow<Count2, Count2, TTile>(block.X, weight, panelBytes, steps, ref first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsInline<TOp>() => !TStorage.IsInteger && (typeof(TOp) == typeof(Identity) || IsRelu<TOp>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsRelu<TOp>() => typeof(TOp) == typeof(Relu);

    // Rows that are computed together, and where they come from and go.
    private readonly struct Block(float* x, nint stride, int rows, LinearOutput output, float* scratch)
    {
        public float* X { get; } = x;

        public nint Stride { get; } = stride;

        public int Rows { get; } = rows;

        public LinearOutput Output { get; } = output;

        public float* Scratch { get; } = scratch;

        public float* Zeros => Scratch + ScratchTile<V>.Length;
    }
}
