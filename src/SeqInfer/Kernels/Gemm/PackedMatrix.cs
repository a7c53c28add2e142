using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Kernels.Gemm;

/// <summary>
/// A weight matrix W [units, depth] in the order in which kernels read it: panels of neighbouring units, in each
/// panel one row of vectors for every k. Made once, at load.
/// </summary>
/// <remarks>
/// <para>A plain matrix has panels of two vectors, and where at most one vector of units is left, the last panel has one; or all its panels have
/// one; or, where every unit is to have sums of one order, all have two.</para>
/// <para>The matrix of a recurrent cell stacks its gates, [gates * units, depth]. Its panels hold one vector of units of every gate, gate after
/// gate, so that a tile ends with all gates of the same units in registers.</para>
/// <para>Units past the end have weight zero.</para>
/// </remarks>
internal sealed unsafe class PackedMatrix<V, TStorage> : IDisposable
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    private readonly AlignedBuffer<byte> _buffer;
    private readonly AlignedBuffer<float>? _factors;
    private readonly long _panelBytes;
    private readonly int _panelVectors;
    private readonly bool _isUniform;

    /// <summary>Packs a matrix.</summary>
    /// <param name="weight">[gates * units, depth].</param>
    /// <param name="gates">How many matrices are stacked; 1 for a plain one.</param>
    /// <param name="panelVectors">Vectors of the panels of a plain matrix, 1 or 2.</param>
    public PackedMatrix(Parameter weight, int gates = 1, int panelVectors = 2)
        : this(weight.Rows, weight.Columns, weight.CopyRow, gates, panelVectors, isUniform: false)
    {
    }

    /// <summary>Packs the rows of a plain matrix into panels of two vectors, the last one too.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="depth">Columns.</param>
    /// <param name="read">Gives the rows.</param>
    public PackedMatrix(int rows, int depth, RowReader read)
        : this(rows, depth, read, gates: 1, panelVectors: 2, isUniform: true)
    {
    }

    private PackedMatrix(int rows, int depth, RowReader read, int gates, int panelVectors, bool isUniform)
    {
        Gates = gates;
        _panelVectors = gates == 1 ? panelVectors : gates;
        _isUniform = isUniform || gates > 1;
        Units = rows / gates;
        Depth = depth;
        Steps = (int)(((long)Depth + TStorage.StepDepth - 1) / TStorage.StepDepth);
        PanelUnits = gates == 1 ? panelVectors * V.Width : V.Width;
        PanelCount = (int)(((long)Units + PanelUnits - 1) / PanelUnits);
        _panelBytes = (long)Steps * TStorage.RowBytes<V>(Vectors(0));
        long bytes = 0;
        for (int panel = 0; panel < PanelCount; panel++)
            bytes += (long)Steps * TStorage.RowBytes<V>(Vectors(panel));
        _buffer = new AlignedBuffer<byte>(bytes);
        _factors = TStorage.IsInteger ? new AlignedBuffer<float>((long)PanelCount * PanelColumns) : null;
        Pack(read);
    }

    /// <summary>Matrices stacked on each other.</summary>
    public int Gates { get; }

    /// <summary>Rows of each of them: columns of the product.</summary>
    public int Units { get; }

    /// <summary>Columns: products summed up in an element of the result.</summary>
    public int Depth { get; }

    /// <summary>Rows of a panel: the depth in steps of the storage.</summary>
    public int Steps { get; }

    /// <summary>Units of a panel.</summary>
    public int PanelUnits { get; }

    /// <summary>Vectors of its panels, of the first at least.</summary>
    public int PanelVectors => _panelVectors;

    /// <summary>Number of panels.</summary>
    public int PanelCount { get; }

    /// <summary>Bytes of the panels and factors.</summary>
    public long ByteCount => _buffer.ByteCount + (_factors?.ByteCount ?? 0);

    /// <summary>Bytes from one panel to the next.</summary>
    public long PanelBytes => _panelBytes;

    /// <summary>First row of a panel, 64-byte aligned where the storage's rows are.</summary>
    public byte* Panel(int panel) => _buffer.Pointer + (panel * _panelBytes);

    /// <summary>What integer sums of a panel's columns are to be multiplied with; null for storages of fp32 arithmetic.</summary>
    public float* Factors(int panel) => _factors is null ? null : _factors.Pointer + ((long)panel * PanelColumns);

    /// <summary>Vectors in a row of a panel: 1 or 2 for a plain matrix, one for each gate otherwise.</summary>
    public int Vectors(int panel)
    {
        if (_isUniform)
            return _panelVectors;
        return Units - ((long)panel * PanelUnits) > V.Width ? _panelVectors : 1;
    }

    public void Dispose()
    {
        _buffer.Dispose();
        _factors?.Dispose();
    }

    // Columns of the widest panel.
    private int PanelColumns => _panelVectors * V.Width;

    private void Pack(RowReader read)
    {
        int depth = Steps * TStorage.StepDepth;
        using AlignedBuffer<float> rows = new((long)PanelColumns * depth);
        using AlignedBuffer<float> steps = new((long)PanelColumns * depth);
        for (int panel = 0; panel < PanelCount; panel++)
        {
            int vectors = Vectors(panel);
            int columns = vectors * V.Width;
            for (int column = 0; column < columns; column++)
            {
                Span<float> row = new(rows.Pointer + ((long)column * depth), Depth);
                if (TrySourceRow(panel, column, out int source))
                    read(source, row);
                else
                    row.Clear();
                float factor = TStorage.Round(row);
                if (TStorage.IsInteger) Factors(panel)[column] = factor;
            }

            StorePanel(rows.Pointer, steps.Pointer, depth, vectors, Panel(panel));
        }
    }

    // Rows of columns become rows of a panel. steps has room for as many values.
    [MethodImpl(Kernel.Compiled)]
    private static void StorePanel(float* rows, float* steps, int depth, int vectors, byte* panel)
    {
        int columns = vectors * V.Width;
        if (TStorage.StepDepth == 1)
        {
            for (int vector = 0; vector < vectors; vector++)
                Transpose<V>.Rows(rows + ((nint)vector * V.Width * depth), depth, V.Width, depth, steps + (vector * V.Width), columns);
        }
        else
        {
            float* step = steps;
            for (nint k = 0; k < depth; k += TStorage.StepDepth)
            {
                for (nint column = 0; column < columns; column++)
                {
                    for (int i = 0; i < TStorage.StepDepth; i++) *step++ = rows[(column * depth) + k + i];
                }
            }
        }

        for (int k = 0; k < depth; k += TStorage.StepDepth, panel += TStorage.RowBytes<V>(vectors))
            TStorage.StoreRow<V>(new ReadOnlySpan<float>(steps + ((nint)k * columns), columns * TStorage.StepDepth), panel);
    }

    private bool TrySourceRow(int panel, int column, out int row)
    {
        (int gate, int offset) = Gates == 1 ? (0, column) : Math.DivRem(column, V.Width);
        int unit = (panel * PanelUnits) + offset;
        row = (gate * Units) + unit;
        return unit < Units;
    }
}
