using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Kernels.Gemm;

/// <summary>A linear layer's weight and bias, packed for the kernel that suits its size.</summary>
internal sealed unsafe class PackedLinear<V, TStorage> : IDisposable
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    // Bytes of x that are rounded to integers at a time: part of the second-level cache. Of deep layers more, as the weights pass over each block.
    private const int BlockBytes = 128 * 1024;
    private const int MinBlockRows = 112;

    // Values of x that stay in the second-level cache while all panels pass over them.
    private const int MaxSmallInputs = 64 * 1024;

    // Bytes of results that wait for their activation: part of a first-level cache, but whole tiles of rows.
    private const int ActivationBytes = 16 * 1024;
    private const int TileRows = 14;

    // Where the ends of tiles are a small part of the work, so that reading a value of x for two vectors at once pays.
    private const int MinWideDepth = 128;

    private readonly PackedRows<V, TStorage>? _rows;
    private readonly PackedMatrix<V, TStorage>? _panels;

    // The last units where they fill at most half a vector of sixteen lanes: the one for integers, the other for floats.
    private readonly PackedMatrix<F256, TStorage>? _half;
    private readonly PairPanel<TStorage>? _pairs;
    private readonly AlignedBuffer<float> _bias;
    private readonly int _units;
    private readonly SmallLayer _small;

    /// <summary>Packs a layer.</summary>
    /// <param name="weight">[units, depth].</param>
    /// <param name="bias">[1, units], or null.</param>
    public PackedLinear(Parameter weight, Parameter? bias)
    {
        int units = weight.Rows;
        if (units <= DotProduct<V, TStorage>.MaxUnits)
        {
            _rows = new PackedRows<V, TStorage>(weight);
        }
        else
        {
            int whole = units - HalfUnits(units);
            int panelVectors = units > 2 * V.Width && weight.Columns >= MinWideDepth ? 2 : 1;
            if (whole > 0) _panels = new PackedMatrix<V, TStorage>(weight.SliceRows(0, whole), panelVectors: panelVectors);
            if (whole < units && TStorage.IsInteger)
                _half = new PackedMatrix<F256, TStorage>(weight.SliceRows(whole, units - whole), panelVectors: 1);
            else if (whole < units)
                _pairs = new PairPanel<TStorage>(weight.SliceRows(whole, units - whole));
        }

        _bias = new AlignedBuffer<float>(Math.Max(units, Math.Max(Columns(_panels), WholeUnits + (HasHalf ? F256.Width : 0))));
        bias?.CopyRow(0, new Span<float>(_bias.Pointer, units));
        Depth = weight.Columns;
        _units = units;
        HasSmallProduct = !TStorage.IsInteger && _rows is null && _panels is null or { PanelVectors: 1 };
        if (HasSmallProduct)
        {
            _small = new SmallLayer(
                _panels is null ? null : _panels.Panel(0), (nint)(_panels?.PanelBytes ?? 0), WholeUnits, _pairs is null ? null : _pairs.Pointer,
                _pairs?.Units ?? 0, Depth, _bias.Pointer);
        }
    }

    /// <summary>Columns of x.</summary>
    public int Depth { get; }

    /// <summary>Bytes of weight and bias.</summary>
    public long ByteCount => (_rows?.ByteCount ?? 0) + (_panels?.ByteCount ?? 0) + (_half?.ByteCount ?? 0) + (_pairs?.ByteCount ?? 0) + _bias.ByteCount;

    /// <summary>Floats of scratch for a product; none but for storages that multiply integers.</summary>
    public static long ScratchLength(int rows, int depth) =>
        TStorage.IsInteger ? Math.Min(rows, BlockRows(depth)) * (IntegerRows.Stride(depth) + (long)sizeof(IntegerRow) / sizeof(float)) : 0;

    /// <summary>Panels that may be computed apart from each other; 0 where all columns are computed together.</summary>
    public int PanelCount => WholePanels + (HasHalf ? 1 : 0);

    /// <summary>y = activation(x W^T + bias) + residual.</summary>
    /// <param name="x">[rows, depth].</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x and of the result.</param>
    /// <param name="output">The result without bias, apart from x.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats.</param>
    /// <param name="op">The activation.</param>
    public void Run<TOp>(float* x, nint xStride, int rows, in LinearOutput output, float* scratch, TOp op)
        where TOp : struct, IUnaryOp => Run(x, xStride, rows, 0, PanelCount, in output, scratch, op);

    /// <summary>The columns of some panels, the same bits as all columns together give.</summary>
    /// <param name="x">[rows, depth].</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x and of the result.</param>
    /// <param name="firstPanel">The first panel.</param>
    /// <param name="panelCount">How many, of the <see cref="PanelCount"/> there are.</param>
    /// <param name="output">The result without bias, all its columns, apart from x.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats.</param>
    /// <param name="op">The activation.</param>
    public void RunPanels<TOp>(
        float* x, nint xStride, int rows, int firstPanel, int panelCount, in LinearOutput output, float* scratch, TOp op)
        where TOp : struct, IUnaryOp => Run(x, xStride, rows, firstPanel, panelCount, in output, scratch, op);

    /// <summary>Whether <see cref="RunSmall"/> serves this layer: all its panels have one vector, and it computes in fp32.</summary>
    public bool HasSmallProduct { get; }

    /// <summary>The layer for <see cref="SmallProduct{V, TStorage}"/>, if that serves it; valid until the layer is disposed.</summary>
    public ref readonly SmallLayer Small => ref _small;

    /// <summary>Whether so many rows fit the cache that <see cref="RunSmall"/> wants them in.</summary>
    public bool IsSmall(int rows) => (long)rows * Depth <= MaxSmallInputs;

    /// <summary>
    /// y = max(floor, x W^T + bias), the same bits as <see cref="Run{TOp}(float*, nint, int, in LinearOutput, float*, TOp)"/>, for rows that fit a
    /// cache.
    /// </summary>
    /// <param name="x">[rows, depth].</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x and of the result.</param>
    /// <param name="y">[rows, units].</param>
    /// <param name="yStride">Floats from one row of the result to the next.</param>
    /// <param name="floor">What values are at least: 0 for ReLU, -infinity for no activation.</param>
    public void RunSmall(float* x, nint xStride, int rows, float* y, nint yStride, float floor)
    {
        SmallProduct<V, TStorage>.Run(x, xStride, rows, in _small, y, yStride, floor);
    }

    public void Dispose()
    {
        _panels?.Dispose();
        _half?.Dispose();
        _pairs?.Dispose();
        _rows?.Dispose();
        _bias.Dispose();
    }

    // A last panel of half vectors is counted behind them.
    private int WholePanels => _panels?.PanelCount ?? 0;

    private int WholeUnits => _panels?.Units ?? 0;

    private bool HasHalf => _half is not null || _pairs is not null;

    private static int BlockRows(int depth) => Math.Max(BlockBytes / sizeof(float) / Math.Max(IntegerRows.Stride(depth), 1), MinBlockRows);

    private void Run<TOp>(float* x, nint xStride, int rows, int firstPanel, int panelCount, in LinearOutput output, float* scratch, TOp op)
        where TOp : struct, IUnaryOp
    {
        if (!TStorage.IsInteger)
        {
            LinearOutput target = new(output.Y, output.YStride, _bias.Pointer, output.Residual, output.ResidualStride);
            if (!TileEnds<V, TStorage>.IsCheap<TOp>() && rows > 1 && output.Residual == null && HasSmallProduct)
                MultiplyThenApply(x, xStride, rows, firstPanel, panelCount, in target, op);
            else
                Multiply(x, xStride, rows, firstPanel, panelCount, in target, op);
            return;
        }

        int stride = IntegerRows.Stride(Depth);
        int blockRows = BlockRows(Depth);
        for (int row = 0; row < rows; row += blockRows)
        {
            int count = Math.Min(blockRows, rows - row);
            IntegerRow* about = (IntegerRow*)(scratch + ((long)count * stride));
            IntegerRows<V>.Round(x + (row * xStride), xStride, count, Depth, scratch, stride, about);
            LinearOutput block = output.At(row, 0);
            LinearOutput target = new(block.Y, block.YStride, _bias.Pointer, block.Residual, block.ResidualStride, about);
            Multiply(scratch, stride, count, firstPanel, panelCount, in target, op);
        }
    }

    // An activation that is too long for the registers' ends waits for its own operations in the few vectors of a narrow tile, and would be
    // computed for lanes that do not exist: over a block of rows it does neither.
    private void MultiplyThenApply<TOp>(float* x, nint xStride, int rows, int firstPanel, int panelCount, in LinearOutput output, TOp op)
        where TOp : struct, IUnaryOp
    {
        int first = ColumnOf(firstPanel);
        int columns = ColumnOf(firstPanel + panelCount) - first;
        int height = Math.Max(ActivationBytes / sizeof(float) / Math.Max(columns, 1) / TileRows, 1) * TileRows;
        for (int row = 0; row < rows; row += height)
        {
            int count = Math.Min(height, rows - row);
            LinearOutput block = output.At(row, 0);
            Multiply(x + (row * xStride), xStride, count, firstPanel, panelCount, in block, default(Identity));
            float* y = block.Y + first;
            Elementwise.ApplyRows<V, TOp>(y, output.YStride, y, output.YStride, count, columns, op);
        }
    }

    private void Multiply<TOp>(float* x, nint xStride, int rows, int firstPanel, int panelCount, in LinearOutput output, TOp op)
        where TOp : struct, IUnaryOp
    {
        if (_rows is not null)
        {
            DotProduct<V, TStorage>.Run(x, xStride, rows, _rows, in output, op);
            return;
        }

        int whole = Math.Min(panelCount, WholePanels - firstPanel);
        if (whole > 0)
            MatrixProduct<V, TStorage>.Run(x, xStride, rows, _panels!, firstPanel, whole, output.At(0, firstPanel * _panels!.PanelUnits), op);
        if (!HasHalf || firstPanel + panelCount <= WholePanels)
            return;
        LinearOutput rest = output.At(0, WholeUnits);
        if (TStorage.IsInteger)
            MatrixProduct<F256, TStorage>.Run(x, xStride, rows, _half!, in rest, op);
        else
            PairProduct<TStorage>.Run(x, xStride, rows, _pairs!, in rest, op);
    }

    // The first column of a panel; behind the last one, the number of units.
    private int ColumnOf(int panel) =>
        panel < WholePanels ? panel * _panels!.PanelUnits : panel == WholePanels ? WholeUnits : _units;

    // Up to the end of the last panel.
    private static long Columns<T>(PackedMatrix<T, TStorage>? matrix)
        where T : unmanaged, ISimd<T> => matrix is null ? 0 : (long)matrix.PanelCount * matrix.PanelUnits;

    // Of vectors of sixteen lanes, the last units take half a one where that is enough.
    private static int HalfUnits(int units)
    {
        if (V.Width != 2 * F256.Width || !F256.IsSupported)
            return 0;
        int left = units % V.Width;
        return left <= F256.Width ? left : 0;
    }
}
