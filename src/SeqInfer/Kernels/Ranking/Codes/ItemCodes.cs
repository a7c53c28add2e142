using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tensors;

namespace SeqInfer.Kernels.Ranking.Codes;

/// <summary>The items of a catalogue in seven bits an element. Made once, at load.</summary>
/// <remarks>
/// All items of a panel share a scale, so that what depends on it is computed once a panel. The 64 that makes the codes of items unsigned, as
/// <see cref="ISimd{V}.AddByteProducts"/> wants one side, costs a constant a query.
/// </remarks>
internal sealed unsafe class ItemCodes<V> : IDisposable
    where V : unmanaged, ISimd<V>
{
    /// <summary>The largest code, before <see cref="Offset"/> is added.</summary>
    public const int LargestCode = 63;

    /// <summary>What makes a code unsigned.</summary>
    public const int Offset = 64;

    private readonly int _itemCount;
    private readonly int _depth;
    private readonly bool _isDistance;
    private readonly AlignedBuffer<byte> _codes;
    private readonly AlignedBuffer<float>? _squares;
    private readonly AlignedBuffer<PanelBound> _bounds;

    /// <summary>Codes row-major items.</summary>
    /// <param name="items">The items, row after row, and the bias of selection.</param>
    /// <param name="isDistance">Whether scores are minus squared distances.</param>
    public ItemCodes(in ItemVectors items, bool isDistance)
    {
        _itemCount = items.ItemCount;
        _depth = items.Depth;
        _isDistance = isDistance;
        int panels = Panel<V>.CountFor(_itemCount);
        _codes = new AlignedBuffer<byte>((long)panels * PanelBytes);
        _bounds = new AlignedBuffer<PanelBound>(panels);
        _squares = isDistance ? new AlignedBuffer<float>((long)panels * Panel<V>.Width) : null;
        for (int panel = 0; panel < panels; panel++)
            CodePanel(items, panel);
    }

    /// <summary>Bytes of the codes and what belongs to them.</summary>
    public long ByteCount => _codes.ByteCount + _bounds.ByteCount + (_squares?.ByteCount ?? 0);

    private int GroupCount => GroupsFor(_depth);

    private long PanelBytes => (long)GroupCount * Panel<V>.Width * sizeof(float);

    /// <summary>Groups of four elements; an even number, as two go through the multiplication together.</summary>
    public static int GroupsFor(int depth) => (depth + 7) / 8 * 2;

    /// <summary>Where the codes lie.</summary>
    /// <param name="selectionBias">That of the items.</param>
    public CodePanels Panels(float* selectionBias) => new()
    {
        Codes = (float*)_codes.Pointer,
        GroupCount = GroupCount,
        Bias = _isDistance ? _squares!.Pointer : selectionBias,
        Bounds = _bounds.Pointer,
    };

    public void Dispose()
    {
        _codes.Dispose();
        _bounds.Dispose();
        _squares?.Dispose();
    }

    private void CodePanel(in ItemVectors items, int panel)
    {
        int first = panel * Panel<V>.Width;
        int count = Math.Min(Panel<V>.Width, _itemCount - first);
        float* rows = items.Rows + ((nint)first * _depth);
        float largest = 0;
        double norm = 0;
        for (int lane = 0; lane < count; lane++)
        {
            (float itemLargest, double itemNorm) = VectorCode.Measure(rows + ((nint)lane * _depth), _depth);
            largest = Math.Max(largest, itemLargest);
            norm = Math.Max(norm, itemNorm);
        }

        bool isCoded = norm <= ScoreBound.MaxNorm;
        float scale = isCoded ? VectorCode.ScaleOf(largest, LargestCode) : 0;
        byte* target = _codes.Pointer + (panel * PanelBytes);
        new Span<byte>(target, (int)PanelBytes).Fill(Offset);
        double residual = 0;
        for (int lane = 0; lane < count && isCoded; lane++)
            residual = Math.Max(residual, CodeItem(rows + ((nint)lane * _depth), scale, target + (lane * sizeof(float))));

        double constant = _isDistance ? 4 * ScoreBound.Slack(_depth) * norm * norm * ScoreBound.Inflation : 0;
        _bounds.Pointer[panel] = isCoded
            ? new PanelBound { Scale = scale, Residual = ScoreBound.Up(residual), Norm = ScoreBound.Up(norm), Constant = ScoreBound.Up(constant) }
            : new PanelBound { Residual = float.PositiveInfinity, Norm = float.PositiveInfinity };
        if (_isDistance)
            SetSquares(items, first, isCoded);
    }

    /// <summary>Codes one item and gives the norm of what the codes miss.</summary>
    private double CodeItem(float* row, float scale, byte* lane)
    {
        double squares = 0;
        for (int k = 0; k < _depth; k++)
        {
            int code = VectorCode.Of(row[k], scale, LargestCode);
            double missed = row[k] - ((double)scale * code);
            squares += missed * missed;
            lane[((nint)(k / 4) * Panel<V>.Width * sizeof(float)) + (k % 4)] = (byte)(code + Offset);
        }

        return Math.Sqrt(squares) * ScoreBound.Inflation;
    }

    // The item's part of the square of a distance; NaN stays where an item never comes back
    private void SetSquares(in ItemVectors items, int first, bool isCoded)
    {
        for (int id = first; id < first + Panel<V>.Width; id++)
        {
            float never = items.SelectionBias[id];
            double norm = isCoded && !float.IsNaN(never) ? VectorCode.Measure(items.Rows + ((nint)id * _depth), _depth).Norm : 0;
            _squares!.Pointer[id] = never - (float)(norm * norm);
        }
    }
}
