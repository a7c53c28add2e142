using System.Collections.Immutable;
using SeqInfer.Bench.Models;
using SeqInfer.Devices;
using SeqInfer.Devices.Cpu;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Bench.Limits;

/// <summary>Computes nothing: each operation adds what it would cost. Ragged batches count what they really hold.</summary>
/// <param name="weightForm">How weights are stored.</param>
internal sealed class WorkDevice(string weightForm = WeightForms.Fp32) : Device
{
    private readonly int _weightBytes = WeightForms.BytesOf(weightForm);
    private readonly bool _isInteger = weightForm == WeightForms.Int8;
    private readonly List<OperationWork> _operations = [];
    private readonly List<int> _ends = [];
    private readonly Dictionary<DeviceResource, long> _touched = [];

    public override string Name => "work";

    public override string KernelName => "none";

    /// <summary>As the CPU's device, so that operations come one by one as they do there.</summary>
    public override long PreferredElements => CpuDevice.CacheElements;

    /// <summary>What was counted since <see cref="Begin"/>.</summary>
    public Work Work => new([.. _operations], _touched.Values.Sum());

    /// <summary>The same for each operation of the op set that ran, in order; the bytes of weights are those of all of them.</summary>
    public IReadOnlyList<Work> Each
    {
        get
        {
            Work all = Work;
            return [.. _ends.Select((end, i) => all with { Operations = _operations[(i == 0 ? 0 : _ends[i - 1])..end] })];
        }
    }

    /// <summary>Forgets what was counted.</summary>
    public void Begin()
    {
        _operations.Clear();
        _ends.Clear();
        _touched.Clear();
    }

    public override Workspace CreateWorkspace(WorkspaceSize size) => new CountingWorkspace(size);

    public override Table CreateTable(Parameter rows) => new CountedTable(this, rows);

    protected override LinearWeights CreateLinearCore(Parameter weight, Parameter? bias) => new CountedLinear(this, weight);

    protected override VectorWeights CreateVectorCore(Parameter values) => new CountedVector(this, values);

    protected override LayerNormWeights CreateLayerNormCore(Parameter gamma, Parameter beta, double epsilon, LayerNormKind kind) =>
        new CountedLayerNorm(this, gamma, epsilon, kind);

    protected override RecurrentWeights CreateRecurrentCore(
        RecurrentSpec spec, Parameter? weightIh, Parameter weightHh, Parameter? biasIh, Parameter? biasHh) => new CountedRecurrent(this, spec);

    protected override Catalogue CreateCatalogueCore(Parameter items, Parameter? bias, CatalogueOptions options) =>
        new CountedCatalogue(this, items, options);

    protected override bool Owns(Workspace workspace) => workspace is CountingWorkspace;

    protected override void WriteCore(Workspace workspace, ReadOnlySpan<float> source, Tensor target) => End();

    protected override void ReadCore(Workspace workspace, Tensor source, Span<float> target)
    {
        target.Clear();
        End();
    }

    protected override void ReadCore(Workspace workspace, Tensor source, Span<double> target)
    {
        target.Clear();
        End();
    }

    protected override void EmbedCore(
        Workspace workspace, Indices ids, Table table, float scale, Indices positions, Table? positionTable, Tensor output) => End();

    protected override void EmbedBagCore(Workspace workspace, Indices ids, Ragged bags, Table table, Tensor? weights, Tensor output) =>
        EndUnlessPlanning(workspace);

    protected override void CombineRowsCore(
        Workspace workspace, Tensor left, Indices leftRows, Tensor right, Indices rightRows, BinaryOperation operation, Tensor output) =>
        EndUnlessPlanning(workspace);

    protected override void GatherRowsCore(Workspace workspace, Tensor input, Indices rows, Tensor output) => End();

    protected override void LinearCore(
        Workspace workspace, Tensor input, LinearWeights weights, Tensor output, Activation activation, Tensor? residual) =>
        AddProduct(workspace, input.RowCount, weights, weights.InputSize, weights.OutputSize);

    protected override void AttentionCore(Workspace workspace, Tensor query, Tensor key, Tensor value, in AttentionSpec spec, Tensor output)
    {
        if (workspace.IsPlanning)
            return;
        ReadOnlySpan<int> queries = workspace.Span(spec.Queries.Offsets);
        ReadOnlySpan<int> keys = workspace.Span(spec.Keys.Offsets);
        double pairs = 0;
        for (int i = 0; i < spec.Queries.Count; i++)
        {
            double queryCount = queries[i + 1] - queries[i];
            double keyCount = keys[i + 1] - keys[i];
            pairs += spec.Causal ? queryCount * (keyCount - ((queryCount - 1) / 2)) : queryCount * keyCount;
        }

        Add(4 * pairs * query.ColumnCount, 0);
        End();
    }

    protected override void RecurrentCore(
        Workspace workspace,
        Tensor input,
        RecurrentWeights weights,
        Ragged sequences,
        RecurrentState initial,
        Tensor? output,
        RecurrentState final,
        Tensor? attention)
    {
        if (workspace.IsPlanning)
            return;
        RecurrentSpec spec = weights.Spec;
        double gates = spec.GateCount * (double)spec.HiddenSize;
        double projection = spec.ProjectedInput ? 0 : gates * spec.InputSize;
        double recurrence = gates * spec.HiddenSize;
        _touched[weights] = (long)(_weightBytes * (projection + recurrence));
        AddWeights(2 * sequences.RowCount * projection, projection);

        // Every step needs the state before it, so every step reads the recurrent weights again.
        AddWeights(2 * sequences.RowCount * recurrence, recurrence * sequences.Longest);
        End();
    }

    protected override void ScoreCore(Workspace workspace, Tensor queries, Catalogue catalogue, Tensor output) =>
        AddProduct(workspace, queries.RowCount, catalogue, catalogue.ColumnCount, catalogue.RowCount);

    protected override void ScoreCandidatesCore(
        Workspace workspace, Tensor queries, Catalogue catalogue, Indices candidates, Ragged sequences, Tensor output) =>
        AddProduct(workspace, 1, catalogue, catalogue.ColumnCount, candidates.Count);

    protected override void TopKCore(
        Workspace workspace, Tensor queries, Catalogue catalogue, int k, Indices excluded, Ragged? exclusions, Indices ids, Tensor scores) =>
        AddProduct(workspace, queries.RowCount, catalogue, catalogue.ColumnCount, catalogue.RowCount);

    protected override void SelectTopKCore(
        Workspace workspace, Tensor values, int k, ImmutableArray<int> never, Indices excluded, Ragged? exclusions, Indices ids, Tensor scores) => End();

    protected override void MergeTopKCore(
        Workspace workspace, int listCount, Indices listIds, Tensor listScores, Indices ids, Tensor scores) => End();

    protected override void FlattenCore(Workspace workspace, Tensor input, int steps, FlattenOrder order, Tensor output) => End();

    protected override void LayerNormCore(Workspace workspace, Tensor input, LayerNormWeights weights, Tensor output, Tensor? residual) => End();

    protected override void ScaleShiftCore(Workspace workspace, Tensor input, VectorWeights scale, VectorWeights shift, Tensor output) => End();

    protected override void NormalizeL2Core(Workspace workspace, Tensor input, Tensor output) => End();

    protected override void SoftmaxCore(Workspace workspace, Tensor input, Tensor output, bool log) => End();

    protected override void PoolCore(Workspace workspace, Tensor input, Ragged sequences, PoolKind kind, Tensor output) => End();

    protected override void ApplyCore(Workspace workspace, Tensor input, Activation activation, Tensor output) => End();

    protected override void PReluCore(Workspace workspace, Tensor input, VectorWeights slope, Tensor output) => End();

    protected override void CombineCore(Workspace workspace, Tensor left, Tensor right, BinaryOperation operation, Tensor output) => End();

    protected override Graph CreateGraphCore(
        ReadOnlySpan<int> offsets, ReadOnlySpan<int> columns, int columnCount, ReadOnlySpan<double> weights) =>
        new CountedGraph(this, offsets.Length - 1, columnCount, columns.Length, !weights.IsEmpty);

    // Every edge reads a row that may lie anywhere; a multiply-add for each of its elements.
    protected override void AggregateCore(Workspace workspace, Tensor input, in Adjacency adjacency, AggregateKind kind, Tensor output) =>
        AddEdges(workspace, adjacency, input.ColumnCount);

    protected override void AggregateLinearCore(
        Workspace workspace,
        in NodeRows input,
        in Adjacency adjacency,
        AggregateKind kind,
        LinearWeights weights,
        Tensor output,
        Activation activation,
        NodeRows? own)
    {
        if (workspace.IsPlanning)
            return;
        AddEdgeWork(adjacency, input.ColumnCount, input.Table is not null && !_isInteger ? _weightBytes : sizeof(float));
        AddProductWork(output.RowCount, weights, weights.InputSize, weights.OutputSize);
        End();
    }

    protected override void GraphAttentionCore(
        Workspace workspace, Tensor input, Tensor target, Tensor source, in Adjacency adjacency, float slope, Tensor output) =>
        AddEdges(workspace, adjacency, input.ColumnCount);

    protected override void RowDotCore(Workspace workspace, Tensor left, Tensor right, Tensor output) => End();

    protected override void ScaleRowsCore(Workspace workspace, Tensor input, Tensor factors, Tensor output) => End();

    protected override void FactorizationMachineCore(Workspace workspace, Tensor input, int fieldCount, Tensor output) => End();

    protected override void SquashCore(Workspace workspace, Tensor input, float epsilon, Tensor output) => End();

    protected override void SegmentSoftmaxCore(Workspace workspace, Tensor input, Ragged sequences, Tensor output) => End();

    // What only moves or maps activations costs nothing here, but is an operation all the same.
    private void End() => _ends.Add(_operations.Count);

    private void EndUnlessPlanning(Workspace workspace)
    {
        if (!workspace.IsPlanning)
            End();
    }

    private void Add(double flops, double bytes) => _operations.Add(new OperationWork(flops, bytes));

    private void AddWeights(double flops, double weights) => _operations.Add(new OperationWork(flops, _weightBytes * weights, _isInteger));

    private void AddEdges(Workspace workspace, in Adjacency adjacency, double columns)
    {
        if (workspace.IsPlanning)
            return;
        AddEdgeWork(adjacency, columns, sizeof(float));
        End();
    }

    private void AddEdgeWork(in Adjacency adjacency, double columns, int elementBytes)
    {
        double edges = adjacency.Graph?.EdgeCount ?? adjacency.Columns.Count;
        if (adjacency.Graph is { } graph)
            _touched[graph] = (long)(elementBytes * (graph.ColumnCount * columns)) + (2 * sizeof(float) * graph.EdgeCount);
        Add(2 * edges * columns, elementBytes * edges * columns);
    }

    private void AddProduct(Workspace workspace, double rows, DeviceResource weights, double inputSize, double outputSize)
    {
        if (workspace.IsPlanning)
            return;
        AddProductWork(rows, weights, inputSize, outputSize);
        End();
    }

    private void AddProductWork(double rows, DeviceResource weights, double inputSize, double outputSize)
    {
        _touched[weights] = (long)(_weightBytes * inputSize * outputSize);
        AddWeights(2 * rows * inputSize * outputSize, inputSize * outputSize);
    }

    private sealed class CountingWorkspace(WorkspaceSize size) : Workspace(size, planning: false)
    {
        public override long ByteCount => 0;
    }

    private sealed class CountedTable(Device device, Parameter rows) : Table(device, rows.Rows, rows.Columns)
    {
        public override long ByteCount => 0;
    }

    private sealed class CountedLinear(Device device, Parameter weight) : LinearWeights(device, weight.Columns, weight.Rows)
    {
        public override long ByteCount => 0;
    }

    private sealed class CountedVector(Device device, Parameter values) : VectorWeights(device, values.Columns)
    {
        public override long ByteCount => 0;
    }

    private sealed class CountedLayerNorm(Device device, Parameter gamma, double epsilon, LayerNormKind kind)
        : LayerNormWeights(device, gamma.Columns, epsilon, kind)
    {
        public override long ByteCount => 0;
    }

    private sealed class CountedGraph(Device device, int rows, int columns, long edges, bool isWeighted)
        : Graph(device, rows, columns, edges, isWeighted)
    {
        public override long ByteCount => 0;
    }

    private sealed class CountedRecurrent(Device device, RecurrentSpec spec) : RecurrentWeights(device, spec)
    {
        public override long ByteCount => 0;
    }

    private sealed class CountedCatalogue(Device device, Parameter items, CatalogueOptions options)
        : Catalogue(device, items.Rows, items.Columns, options)
    {
        public override long ByteCount => 0;
    }
}
