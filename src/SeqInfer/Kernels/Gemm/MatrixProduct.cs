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
    /// <param name="output">The result, apart from x; its bias readable up to the end of the last panel.</param>
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
    /// <param name="output">The result, apart from x; its bias readable up to the end of the last panel.</param>
    /// <param name="op">The activation.</param>
    [SkipLocalsInit]
    [MethodImpl(Kernel.Compiled)]
    public static void Run<TOp>(
        float* x, nint xStride, int rows, PackedMatrix<V, TStorage> weights, int firstPanel, int panelCount, in LinearOutput output, TOp op)
        where TOp : struct, IUnaryOp
    {
        float* scratch = stackalloc float[ScratchTile<V>.Length];
        int blockRows = BlockRows(rows, weights.Steps);
        for (int row = 0; row < rows; row += blockRows)
        {
            LinearOutput rest = output.At(row, 0);
            Block block = new(x + (row * xStride), xStride, Math.Min(blockRows, rows - row), in rest, scratch);
            int end = firstPanel + panelCount;
            for (int panel = firstPanel; panel < end;)
            {
                LinearOutput target = block.Output.At(0, (panel - firstPanel) * weights.PanelUnits);
                panel += weights.Vectors(panel) == 2
                    ? RunWide(in block, weights, panel, end, in target, op)
                    : RunNarrow(in block, weights, panel, end, in target, op);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int BlockRows(int rows, int steps)
    {
        int maxRows = WideKernel<V, TStorage>.MaxRows;
        return rows <= MinBlockTiles * maxRows
            ? rows
            : Math.Max(BlockBytes / sizeof(float) / Math.Max(steps, 1) / maxRows, MinBlockTiles) * maxRows;
    }

    // Panels of two vectors; gives how many were taken.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int RunWide<TOp>(in Block block, PackedMatrix<V, TStorage> weights, int panel, int end, in LinearOutput output, TOp op)
        where TOp : struct, IUnaryOp
    {
        int together = PanelsTogether(block.Rows, weights, panel, end);
        if (together > 1)
            RunTogether(in block, weights, panel, together, in output, op);
        else
            RunTiles<WideKernel<V, TStorage>, TOp>(in block, weights, panel, in output, op);
        return together;
    }

    // Panels of one vector; gives how many were taken.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int RunNarrow<TOp>(in Block block, PackedMatrix<V, TStorage> weights, int panel, int end, in LinearOutput output, TOp op)
        where TOp : struct, IUnaryOp
    {
        if (block.Rows == 1)
        {
            // The last panel may have units to spare.
            int full = Math.Min(end - panel, (weights.Units - (panel * weights.PanelUnits)) / V.Width);
            if (full >= 4)
            {
                RunRow<Count4, TOp>(in block, weights, panel, in output, op);
                return 4;
            }

            if (full >= 2)
            {
                RunRow<Count2, TOp>(in block, weights, panel, in output, op);
                return 2;
            }
        }

        RunTiles<NarrowKernel<V, TStorage>, TOp>(in block, weights, panel, in output, op);
        return 1;
    }

    // How many panels a short batch takes at once.
    private static int PanelsTogether(int rows, PackedMatrix<V, TStorage> weights, int panel, int end)
    {
        if (rows > 2)
            return 1;
        int wide = end - panel - (weights.Vectors(end - 1) == 2 ? 0 : 1);
        return wide >= 4 && rows == 1 ? 4 : wide >= 2 ? 2 : 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunTiles<TKernel, TOp>(
        in Block block, PackedMatrix<V, TStorage> weights, int panel, in LinearOutput output, TOp op)
        where TKernel : struct, IPanelKernel<V>
        where TOp : struct, IUnaryOp
    {
        PanelTiles<V, TStorage, TKernel>.Run(block.X, block.Stride, block.Rows, weights, panel, in output, block.Scratch, op);
    }

    private static void RunRow<TPanels, TOp>(in Block block, PackedMatrix<V, TStorage> weights, int panel, in LinearOutput output, TOp op)
        where TPanels : struct, ICount
        where TOp : struct, IUnaryOp
    {
        TileColumns columns = new(TPanels.Value, 1, TPanels.Value * V.Width, weights.Factors(panel));
        RowVisitor<TPanels> visitor = new(block.X, weights.Panel(panel), (nint)weights.PanelBytes, weights.Steps);
        TileEnds<V, TStorage>.Visit(in output, in columns, block.Scratch, op, visitor);
    }

    [MethodImpl(Kernel.Compiled)]
    private static void RunTogether<TOp>(
        in Block block, PackedMatrix<V, TStorage> weights, int panel, int panels, in LinearOutput output, TOp op)
        where TOp : struct, IUnaryOp
    {
        int width = panels * weights.PanelUnits;
        int columns = Math.Min(weights.Units - (panel * weights.PanelUnits), width);
        byte* weight = weights.Panel(panel);
        nint panelBytes = (nint)weights.PanelBytes;
        if (TStorage.IsInteger)
        {
            SumTile<V, Count2> first = new(block.Scratch);
            SumTile<V, Count2> second = new(block.Scratch + width);
            RunRows(in block, weight, panelBytes, weights.Steps, panels, ref first, ref second);
            IntegerSums<V>.Scale(block.Scratch, block.Rows, panels, 2, weights.Factors(panel), output.Integers);
            ScratchTile<V>.Complete(block.Scratch, width, block.Rows, columns, in output, op);
        }
        else
        {
            bool direct = IsInline<TOp>() && columns == width && output.Residual == null;
            bool relu = direct && IsRelu<TOp>();
            LinearOutput target = direct ? output : new(block.Scratch, width, output.Bias);
            OutputTile<V> first = new(target.Y, weights.PanelUnits, target.Bias, weights.PanelUnits, relu);
            OutputTile<V> second = new(target.Y + target.YStride, weights.PanelUnits, target.Bias, weights.PanelUnits, relu);
            RunRows(in block, weight, panelBytes, weights.Steps, panels, ref first, ref second);
            if (!direct)
            {
                LinearOutput sums = new(output.Y, output.YStride, null, output.Residual, output.ResidualStride);
                ScratchTile<V>.Complete(block.Scratch, width, block.Rows, columns, in sums, op);
            }
        }
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
    private static bool IsInline<TOp>() => typeof(TOp) == typeof(Identity) || IsRelu<TOp>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsRelu<TOp>() => typeof(TOp) == typeof(Relu);

    private readonly struct RowVisitor<TPanels>(float* x, byte* panel, nint panelBytes, int steps) : ITileEndVisitor<V>
        where TPanels : struct, ICount
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Visit<TEnd>(in TEnd end)
            where TEnd : struct, ITileEnd<V> => NarrowRowKernel<V, TStorage>.Run<TPanels, TEnd>(x, panel, panelBytes, steps, in end);
    }

    // Rows that are computed together, and where they come from and go.
    private readonly ref struct Block(float* x, nint stride, int rows, ref readonly LinearOutput output, float* scratch)
    {
        // Not a value: a copy of fields just written, in vectors, waits until they are in the cache
        private readonly ref readonly LinearOutput _output = ref output;

        public float* X { get; } = x;

        public nint Stride { get; } = stride;

        public int Rows { get; } = rows;

        public ref readonly LinearOutput Output => ref _output;

        public float* Scratch { get; } = scratch;
    }
}
