using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Ranking;
using SeqInfer.Kernels.Ranking.Codes;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

/// <summary>
/// Item vectors in panels, or in rows beside their codes where there is a first pass. For cosine they are scaled to length 1 in double and
/// rounded once.
/// </summary>
internal sealed unsafe class CpuCatalogue<V> : Catalogue
    where V : unmanaged, ISimd<V>
{
    // x + (-0) is x for every x, both zeros included
    private const float NoBias = -0f;

    // Below it a full pass is as fast
    private const int MinCodedItems = 4096;

    private readonly PackedMatrix<V, Float32Storage>? _panels;
    private readonly AlignedBuffer<float>? _rows;
    private readonly AlignedBuffer<float>? _bias;
    private readonly AlignedBuffer<float>? _selectionBias;
    private readonly ItemCodes<V>? _codes;

    public CpuCatalogue(CpuDevice device, Parameter items, Parameter? bias, CatalogueOptions options)
        : base(device, items.Rows, items.Columns, options)
    {
        HasCodes = (options.FirstPass ?? device.CatalogueFirstPass) == CatalogueFirstPass.Int8
            && items.Rows >= MinCodedItems && items.Columns is > 0 and <= ScoreBound.MaxDepth;
        if (items.IsMissing || bias is { IsMissing: true })
            return;
        long lanes = (long)Panel<V>.CountFor(items.Rows) * Panel<V>.Width;
        _bias = new AlignedBuffer<float>(lanes);
        _selectionBias = new AlignedBuffer<float>(lanes);
        RowReader read = options.Similarity == Similarity.Cosine ? UnitLength.Of(items) : items.CopyRow;
        if (HasCodes)
            _rows = CpuBuffers.Copy(items.Rows, items.Columns, read);
        else
            _panels = new PackedMatrix<V, Float32Storage>(items.Rows, items.Columns, read);
        SetBias(bias);
        if (HasCodes)
            _codes = new ItemCodes<V>(Vectors, options.Similarity == Similarity.NegL2Squared);
    }

    public override long ByteCount =>
        (_panels?.ByteCount ?? 0) + (_rows?.ByteCount ?? 0) + (_bias?.ByteCount ?? 0) + (_selectionBias?.ByteCount ?? 0) + (_codes?.ByteCount ?? 0);

    /// <summary>Whether top-K has a first pass over codes.</summary>
    public bool HasCodes { get; }

    public ItemVectors Vectors => new()
    {
        ItemCount = RowCount,
        Depth = ColumnCount,
        Panels = _panels is null ? null : (float*)_panels.Panel(0),
        Rows = _rows is null ? null : _rows.Pointer,
        Bias = CpuBuffers.Pointer(_bias),
        SelectionBias = CpuBuffers.Pointer(_selectionBias),
    };

    /// <summary>The codes of a catalogue that has them.</summary>
    public CodePanels Codes => _codes!.Panels(CpuBuffers.Pointer(_selectionBias));

    protected override void Dispose(bool disposing)
    {
        _panels?.Dispose();
        _rows?.Dispose();
        _bias?.Dispose();
        _selectionBias?.Dispose();
        _codes?.Dispose();
    }

    private void SetBias(Parameter? bias)
    {
        new Span<float>(_bias!.Pointer, (int)_bias.Count).Fill(NoBias);
        bias?.CopyRow(0, new Span<float>(_bias.Pointer, RowCount));
        Span<float> selection = new(_selectionBias!.Pointer, (int)_selectionBias.Count);
        new ReadOnlySpan<float>(_bias.Pointer, RowCount).CopyTo(selection);
        selection[RowCount..].Fill(float.NaN);
        foreach (int id in Options.ExcludedIds)
            selection[id] = float.NaN;
    }
}
