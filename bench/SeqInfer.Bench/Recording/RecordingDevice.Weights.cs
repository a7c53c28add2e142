using SeqInfer.Devices;
using SeqInfer.Weights;

namespace SeqInfer.Bench.Recording;

internal sealed partial class RecordingDevice
{
    public override Table CreateTable(Parameter rows) => new RecordedTable(this, rows);

    protected override LinearWeights CreateLinearCore(Parameter weight, Parameter? bias) => new RecordedLinear(this, weight, bias);

    protected override VectorWeights CreateVectorCore(Parameter values) => new RecordedVector(this, values);

    protected override LayerNormWeights CreateLayerNormCore(Parameter gamma, Parameter beta, double epsilon, LayerNormKind kind) =>
        new RecordedLayerNorm(this, gamma, beta, epsilon, kind);

    protected override RecurrentWeights CreateRecurrentCore(
        RecurrentSpec spec, Parameter? weightIh, Parameter weightHh, Parameter? biasIh, Parameter? biasHh) =>
        new RecordedRecurrent(this, spec, weightIh, weightHh, biasIh, biasHh);

    protected override Catalogue CreateCatalogueCore(Parameter items, Parameter? bias, CatalogueOptions options) =>
        new RecordedCatalogue(this, items, bias, options);
}
