using SeqInfer.Weights;

namespace SeqInfer.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    public override Table CreateTable(Parameter rows) => new ReferenceTable(this, rows);

    /// <inheritdoc/>
    protected override LinearWeights CreateLinearCore(Parameter weight, Parameter? bias) => new ReferenceLinear(this, weight, bias);

    /// <inheritdoc/>
    protected override VectorWeights CreateVectorCore(Parameter values) => new ReferenceVector(this, values);

    /// <inheritdoc/>
    protected override LayerNormWeights CreateLayerNormCore(Parameter gamma, Parameter beta, double epsilon, LayerNormKind kind) =>
        new ReferenceLayerNorm(this, gamma, beta, epsilon, kind);

    /// <inheritdoc/>
    protected override RecurrentWeights CreateRecurrentCore(
        RecurrentSpec spec, Parameter? weightIh, Parameter weightHh, Parameter? biasIh, Parameter? biasHh) =>
        new ReferenceRecurrent(this, spec, weightIh, weightHh, biasIh, biasHh);

    /// <inheritdoc/>
    protected override Catalogue CreateCatalogueCore(Parameter items, Parameter? bias, CatalogueOptions options) =>
        new ReferenceCatalogue(this, items, bias, options);
}
