using ILGPU;
using ILGPU.Runtime;
using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels;
using SeqInfer.Gpu.Kernels.Gemm;
using SeqInfer.Gpu.Kernels.Graph;
using SeqInfer.Gpu.Kernels.Recurrent;
using SeqInfer.Gpu.Runtime;
using SeqInfer.Weights;

namespace SeqInfer.Gpu.Devices;

/// <summary>A table in device memory, as floats.</summary>
internal sealed class GpuTable(GpuDevice device, GpuRuntime runtime, Parameter rows) : Table(device, rows.Rows, rows.Columns)
{
    private readonly GpuBuffer<float>? _data = GpuPacking.Rows(runtime, rows);

    public override long ByteCount => _data?.ByteCount ?? 0;

    public Window Window => new(GpuBuffer.View(_data), ColumnCount);

    protected override void Dispose(bool disposing) => _data?.Dispose();
}

/// <summary>One float a column.</summary>
internal sealed class GpuVector(GpuDevice device, GpuRuntime runtime, Parameter values) : VectorWeights(device, values.Columns)
{
    private readonly GpuBuffer<float>? _data = GpuPacking.Rows(runtime, values);

    public override long ByteCount => _data?.ByteCount ?? 0;

    public ArrayView<float> View => GpuBuffer.View(_data);

    protected override void Dispose(bool disposing) => _data?.Dispose();
}

/// <summary>Gain and offset.</summary>
internal sealed class GpuLayerNorm(GpuDevice device, GpuRuntime runtime, Parameter gamma, Parameter beta, double epsilon, LayerNormKind kind)
    : LayerNormWeights(device, gamma.Columns, epsilon, kind)
{
    private readonly GpuBuffer<float>? _gamma = GpuPacking.Rows(runtime, gamma);
    private readonly GpuBuffer<float>? _beta = GpuPacking.Rows(runtime, beta);

    public override long ByteCount => (_gamma?.ByteCount ?? 0) + (_beta?.ByteCount ?? 0);

    public ArrayView<float> Gamma => GpuBuffer.View(_gamma);

    public ArrayView<float> Beta => GpuBuffer.View(_beta);

    protected override void Dispose(bool disposing)
    {
        _gamma?.Dispose();
        _beta?.Dispose();
    }
}

/// <summary>A linear layer's weights as [in, out].</summary>
internal sealed class GpuLinear(GpuDevice device, GpuRuntime runtime, Parameter weight, Parameter? bias)
    : LinearWeights(device, weight.Columns, weight.Rows)
{
    private readonly GpuPacked? _packed = GpuPacked.Create(runtime, weight, bias);

    public override long ByteCount => _packed?.ByteCount ?? 0;

    public PackedWeights Packed => GpuPacked.View(_packed);

    protected override void Dispose(bool disposing) => _packed?.Dispose();
}

/// <summary>One direction of a recurrent layer. One of whose parameters some are missing holds nothing: loading will fail.</summary>
internal sealed class GpuRecurrent : RecurrentWeights
{
    private readonly GpuPacked? _projection;
    private readonly GpuPacked? _hidden;
    private readonly GpuBuffer<float>? _candidateBias;

    public GpuRecurrent(
        GpuDevice device, GpuRuntime runtime, RecurrentSpec spec, Parameter? weightIh, Parameter weightHh, Parameter? biasIh, Parameter? biasHh)
        : base(device, spec)
    {
        if (new[] { weightIh, weightHh, biasIh, biasHh }.Any(parameter => parameter is { IsMissing: true }))
            return;
        if (weightIh is not null)
            _projection = GpuPacked.Create(runtime, weightIh, null);
        (float[] input, float[] candidate) = Biases(spec, biasIh, biasHh);
        _hidden = GpuPacked.Create(runtime, weightHh, input);
        _candidateBias = new GpuBuffer<float>(runtime, candidate, "biases");
    }

    public override long ByteCount => (_projection?.ByteCount ?? 0) + (_hidden?.ByteCount ?? 0) + (_candidateBias?.ByteCount ?? 0);

    /// <summary>W_ih, without bias; null where the input is projected already.</summary>
    public PackedWeights? Projection => _projection is null ? null : GpuPacked.View(_projection);

    public RecurrentWeightsView View => new(GpuPacked.View(_hidden), GpuBuffer.View(_candidateBias), Spec.HiddenSize);

    protected override void Dispose(bool disposing)
    {
        _projection?.Dispose();
        _hidden?.Dispose();
        _candidateBias?.Dispose();
    }

    /// <summary>What can be added to the input's part, and the part of b_hh that the reset gate multiplies.</summary>
    private static (float[] Input, float[] Candidate) Biases(RecurrentSpec spec, Parameter? biasIh, Parameter? biasHh)
    {
        int size = spec.HiddenSize;
        float[] input = new float[spec.GateCount * size];
        float[] candidate = new float[size];
        bool isSeparate = spec.GateCount == 3 && spec.Cell != RecurrentCell.GruResetFirst;
        for (int i = 0; i < input.Length; i++)
        {
            double ofHidden = biasHh?[0, i] ?? 0;
            bool isCandidate = isSeparate && i >= 2 * size;
            input[i] = (float)((biasIh?[0, i] ?? 0) + (isCandidate ? 0 : ofHidden));
            if (isCandidate)
                candidate[i - (2 * size)] = (float)ofHidden;
        }

        return (input, candidate);
    }
}

/// <summary>Compressed sparse rows in device memory.</summary>
internal sealed class GpuGraph : Graph
{
    private readonly GpuBuffer<int> _offsets;
    private readonly GpuBuffer<int> _columns;
    private readonly GpuBuffer<float> _weights;
    private readonly GpuBuffer<int> _order;
    private readonly int _heavyCount;

    public GpuGraph(
        GpuDevice device, GpuRuntime runtime, ReadOnlySpan<int> offsets, ReadOnlySpan<int> columns, int columnCount, ReadOnlySpan<double> weights)
        : base(device, offsets.Length - 1, columnCount, columns.Length, !weights.IsEmpty)
    {
        float[] floats = new float[weights.Length];
        for (int i = 0; i < floats.Length; i++)
            floats[i] = (float)weights[i];
        _offsets = new GpuBuffer<int>(runtime, offsets, "a graph");
        _columns = new GpuBuffer<int>(runtime, columns, "a graph");
        _weights = new GpuBuffer<float>(runtime, floats, "a graph");
        (int[] order, _heavyCount) = DegreeOrder.Of(offsets);
        _order = new GpuBuffer<int>(runtime, order, "a graph");
    }

    public override long ByteCount => _offsets.ByteCount + _columns.ByteCount + _weights.ByteCount + _order.ByteCount;

    /// <summary>The order in which groups take the nodes.</summary>
    public NodeOrder Order => new(_order.View, 1, RowCount, _heavyCount, 0);

    public Neighbours Neighbours => new(_offsets.View, _columns.View, _weights.View, IsWeighted ? 1 : 0);

    protected override void Dispose(bool disposing)
    {
        _offsets.Dispose();
        _columns.Dispose();
        _weights.Dispose();
        _order.Dispose();
    }
}

/// <summary>
/// Item vectors as [columns, items], of length 1 for cosine, with a summand for scores and one for selection, which is NaN for the ids that
/// never come back.
/// </summary>
internal sealed class GpuCatalogue : Catalogue
{
    private readonly GpuPacked? _packed;
    private readonly GpuBuffer<float>? _selection;

    public GpuCatalogue(GpuDevice device, GpuRuntime runtime, Parameter items, Parameter? bias, CatalogueOptions options)
        : base(device, items.Rows, items.Columns, options)
    {
        if (items.IsMissing || bias is { IsMissing: true })
            return;
        float[] summands = GpuPacking.Bias(bias, items.Rows);
        _packed = GpuPacked.Create(runtime, items, summands, toUnitLength: options.Similarity == Similarity.Cosine);
        foreach (int id in options.ExcludedIds)
            summands[id] = float.NaN;
        _selection = new GpuBuffer<float>(runtime, summands, "a catalogue");
    }

    public override long ByteCount => (_packed?.ByteCount ?? 0) + (_selection?.ByteCount ?? 0);

    public PackedWeights Packed => GpuPacked.View(_packed);

    public PackedWeights ForSelection => new(Packed.Data, Packed.Stride, GpuBuffer.View(_selection));

    protected override void Dispose(bool disposing)
    {
        _packed?.Dispose();
        _selection?.Dispose();
    }
}
