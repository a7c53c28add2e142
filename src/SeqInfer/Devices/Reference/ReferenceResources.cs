using SeqInfer.Weights;

namespace SeqInfer.Devices.Reference;

/// <summary>A table, its rows read where they are stored.</summary>
internal sealed class ReferenceTable(Device device, Parameter rows) : Table(device, rows.Rows, rows.Columns)
{
    private readonly ReferenceRows _rows = new(rows);

    public override long ByteCount => _rows.ByteCount;

    public double[] this[int row] => _rows[row];

    protected override void Dispose(bool disposing) => _rows.Dispose();
}

/// <summary>W and b of a linear layer.</summary>
internal sealed class ReferenceLinear(Device device, Parameter weight, Parameter? bias) : LinearWeights(device, weight.Columns, weight.Rows)
{
    public StoredWeights Weight { get; } = new(weight, device.WeightStorage);

    public ReferenceValues? Bias { get; } = ReferenceValues.FromOptional(bias);

    public override long ByteCount => Weight.ByteCount + (Bias?.ByteCount ?? 0);
}

/// <summary>One value a column.</summary>
internal sealed class ReferenceVector(Device device, Parameter values) : VectorWeights(device, values.Columns)
{
    public ReferenceValues Values { get; } = new(values);

    public override long ByteCount => Values.ByteCount;
}

/// <summary>Gain and offset of a layer norm.</summary>
internal sealed class ReferenceLayerNorm(Device device, Parameter gamma, Parameter beta, double epsilon, LayerNormKind kind)
    : LayerNormWeights(device, gamma.Columns, epsilon, kind)
{
    public ReferenceValues Gamma { get; } = new(gamma);

    public ReferenceValues Beta { get; } = new(beta);

    public override long ByteCount => Gamma.ByteCount + Beta.ByteCount;
}

/// <summary>Weights of one direction of a recurrent layer, in PyTorch's order.</summary>
internal sealed class ReferenceRecurrent(
    Device device, RecurrentSpec spec, Parameter? weightIh, Parameter weightHh, Parameter? biasIh, Parameter? biasHh)
    : RecurrentWeights(device, spec)
{
    public StoredWeights? WeightIh { get; } = StoredWeights.FromOptional(weightIh, device.WeightStorage);

    public StoredWeights WeightHh { get; } = new(weightHh, device.WeightStorage);

    public ReferenceValues? BiasIh { get; } = ReferenceValues.FromOptional(biasIh);

    public ReferenceValues? BiasHh { get; } = ReferenceValues.FromOptional(biasHh);

    public override long ByteCount =>
        (WeightIh?.ByteCount ?? 0) + WeightHh.ByteCount + (BiasIh?.ByteCount ?? 0) + (BiasHh?.ByteCount ?? 0);
}

/// <summary>Item vectors, read where they are stored.</summary>
internal sealed class ReferenceCatalogue(Device device, Parameter items, Parameter? bias, CatalogueOptions options)
    : Catalogue(device, items.Rows, items.Columns, options)
{
    private readonly ReferenceRows _items = new(items);

    public ReferenceValues? Bias { get; } = ReferenceValues.FromOptional(bias);

    public override long ByteCount => _items.ByteCount + (Bias?.ByteCount ?? 0);

    public double[] this[int item] => _items[item];

    protected override void Dispose(bool disposing) => _items.Dispose();
}
