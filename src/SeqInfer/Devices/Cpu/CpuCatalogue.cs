using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Ranking;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

/// <summary>Item vectors in panels. For cosine they are scaled to length 1 in double and rounded once.</summary>
internal sealed unsafe class CpuCatalogue<V> : Catalogue
    where V : unmanaged, ISimd<V>
{
    // x + (-0) is x for every x, both zeros included
    private const float NoBias = -0f;

    private readonly AlignedBuffer<float>? _panels;
    private readonly AlignedBuffer<float>? _bias;
    private readonly AlignedBuffer<float>? _selectionBias;

    public CpuCatalogue(CpuDevice device, Parameter items, Parameter? bias, CatalogueOptions options)
        : base(device, items.Rows, items.Columns, options)
    {
        if (items.IsMissing || bias is { IsMissing: true })
            return;
        long lanes = (long)Panel<V>.CountFor(items.Rows) * Panel<V>.Width;
        _panels = new AlignedBuffer<float>(Panel<V>.SizeFor(items.Rows, items.Columns));
        _bias = new AlignedBuffer<float>(lanes);
        _selectionBias = new AlignedBuffer<float>(lanes);
        Pack(items, options.Similarity == Similarity.Cosine);
        SetBias(bias);
    }

    public override long ByteCount => (_panels?.ByteCount ?? 0) + (_bias?.ByteCount ?? 0) + (_selectionBias?.ByteCount ?? 0);

    public ItemPanels Panels => new(
        CpuBuffers.Pointer(_panels), RowCount, ColumnCount, CpuBuffers.Pointer(_bias), CpuBuffers.Pointer(_selectionBias));

    protected override void Dispose(bool disposing)
    {
        _panels?.Dispose();
        _bias?.Dispose();
        _selectionBias?.Dispose();
    }

    private void Pack(Parameter items, bool toUnitLength)
    {
        double[] row = new double[items.Columns];
        float* panels = _panels!.Pointer;
        for (int id = 0; id < items.Rows; id++)
        {
            items.CopyRow(id, row);
            double divisor = toUnitLength ? UnitLength.DivisorOf(row) : 1;
            float* item = panels + ((long)(id / Panel<V>.Width) * Panel<V>.Width * items.Columns) + (id % Panel<V>.Width);
            for (int k = 0; k < row.Length; k++)
                item[(nint)k * Panel<V>.Width] = (float)(row[k] / divisor);
        }
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
