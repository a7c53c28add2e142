using SeqInfer.Devices;
using SeqInfer.Weights;

namespace SeqInfer.Bench.Recording;

internal sealed class RecordedTable(Device device, Parameter rows) : Table(device, rows.Rows, rows.Columns)
{
    public Parameter Rows { get; } = rows;

    public override long ByteCount => 0;
}

internal sealed class RecordedLinear(Device device, Parameter weight, Parameter? bias) : LinearWeights(device, weight.Columns, weight.Rows)
{
    public Parameter Weight { get; } = weight;

    public Parameter? Bias { get; } = bias;

    public override long ByteCount => 0;
}

internal sealed class RecordedVector(Device device, Parameter values) : VectorWeights(device, values.Columns)
{
    public Parameter Values { get; } = values;

    public override long ByteCount => 0;
}

internal sealed class RecordedLayerNorm(Device device, Parameter gamma, Parameter beta, double epsilon, LayerNormKind kind)
    : LayerNormWeights(device, gamma.Columns, epsilon, kind)
{
    public Parameter Gamma { get; } = gamma;

    public Parameter Beta { get; } = beta;

    public override long ByteCount => 0;
}

internal sealed class RecordedRecurrent(
    Device device, RecurrentSpec spec, Parameter? weightIh, Parameter weightHh, Parameter? biasIh, Parameter? biasHh)
    : RecurrentWeights(device, spec)
{
    public Parameter? WeightIh { get; } = weightIh;

    public Parameter WeightHh { get; } = weightHh;

    public Parameter? BiasIh { get; } = biasIh;

    public Parameter? BiasHh { get; } = biasHh;

    public override long ByteCount => 0;
}

internal sealed class RecordedCatalogue(Device device, Parameter items, Parameter? bias, CatalogueOptions options)
    : Catalogue(device, items.Rows, items.Columns, options)
{
    public Parameter Items { get; } = items;

    public Parameter? Bias { get; } = bias;

    public override long ByteCount => 0;
}
