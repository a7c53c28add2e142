using SeqInfer.Devices;
using SeqInfer.Weights;

namespace SeqInfer.Gpu.Devices;

internal sealed partial class GpuDevice
{
    /// <inheritdoc/>
    /// <exception cref="DeviceException">The device has not enough memory.</exception>
    public override Table CreateTable(Parameter rows) => new GpuTable(this, runtime, rows);

    /// <inheritdoc/>
    protected override LinearWeights CreateLinearCore(Parameter weight, Parameter? bias) => new GpuLinear(this, runtime, weight, bias);

    /// <inheritdoc/>
    protected override VectorWeights CreateVectorCore(Parameter values) => new GpuVector(this, runtime, values);

    /// <inheritdoc/>
    protected override LayerNormWeights CreateLayerNormCore(Parameter gamma, Parameter beta, double epsilon, LayerNormKind kind) =>
        new GpuLayerNorm(this, runtime, gamma, beta, epsilon, kind);

    /// <inheritdoc/>
    protected override RecurrentWeights CreateRecurrentCore(
        RecurrentSpec spec, Parameter? weightIh, Parameter weightHh, Parameter? biasIh, Parameter? biasHh) =>
        new GpuRecurrent(this, runtime, spec, weightIh, weightHh, biasIh, biasHh);

    /// <inheritdoc/>
    protected override Graph CreateGraphCore(
        ReadOnlySpan<int> offsets, ReadOnlySpan<int> columns, int columnCount, ReadOnlySpan<double> weights) =>
        new GpuGraph(this, runtime, offsets, columns, columnCount, weights);

    /// <inheritdoc/>
    protected override Catalogue CreateCatalogueCore(Parameter items, Parameter? bias, CatalogueOptions options) =>
        new GpuCatalogue(this, runtime, items, bias, options);
}
