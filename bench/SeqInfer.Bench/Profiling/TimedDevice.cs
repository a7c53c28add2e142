using System.Diagnostics;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Bench.Profiling;

/// <summary>Hands every operation on to another device and keeps how long it took there, checks included.</summary>
internal sealed partial class TimedDevice(Device inner) : Device
{
    private readonly List<TimedOperation> _operations = [];
    private long[] _ticks = new long[1 << 10];
    private bool _isOn;

    public override string Name => inner.Name;

    public override string KernelName => inner.KernelName;

    public override long PreferredElements => inner.PreferredElements;

    public override int Threads => inner.Threads;

    public override bool CarriesSingleQueries => inner.CarriesSingleQueries;

    /// <summary>What ran since <see cref="Begin"/>.</summary>
    public IReadOnlyList<TimedOperation> Operations => _operations;

    /// <summary>How long each of <see cref="Operations"/> took, in ticks of the stopwatch.</summary>
    public ReadOnlySpan<long> Ticks => _ticks.AsSpan(0, _operations.Count);

    /// <summary>Forgets what ran; from here on operations are kept.</summary>
    public void Begin()
    {
        _operations.Clear();
        _isOn = true;
    }

    /// <summary>What runs from here on is not kept.</summary>
    public void End() => _isOn = false;

    public override Workspace CreateWorkspace(WorkspaceSize size) => inner.CreateWorkspace(size);

    public override Table CreateTable(Parameter rows) => new TimedTable(this, inner.CreateTable(rows));

    protected override LinearWeights CreateLinearCore(Parameter weight, Parameter? bias) => new TimedLinear(this, inner.CreateLinear(weight, bias));

    protected override VectorWeights CreateVectorCore(Parameter values) => new TimedVector(this, inner.CreateVector(values));

    protected override LayerNormWeights CreateLayerNormCore(Parameter gamma, Parameter beta, double epsilon, LayerNormKind kind) =>
        new TimedLayerNorm(this, inner.CreateLayerNorm(gamma, beta, epsilon, kind));

    protected override RecurrentWeights CreateRecurrentCore(
        RecurrentSpec spec, Parameter? weightIh, Parameter weightHh, Parameter? biasIh, Parameter? biasHh) =>
        new TimedRecurrent(this, inner.CreateRecurrent(spec, weightIh, weightHh, biasIh, biasHh));

    protected override Catalogue CreateCatalogueCore(Parameter items, Parameter? bias, CatalogueOptions options) =>
        new TimedCatalogue(this, inner.CreateCatalogue(items, bias, options));

    protected override Graph CreateGraphCore(
        ReadOnlySpan<int> offsets, ReadOnlySpan<int> columns, int columnCount, ReadOnlySpan<double> weights) =>
        new TimedGraph(this, inner.CreateGraph(offsets, columns, columnCount, weights));

    // Every workspace here is one of the other device's, which checks that itself.
    protected override bool Owns(Workspace workspace) => true;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            inner.Dispose();
    }

    private static long Now() => Stopwatch.GetTimestamp();

    private void Keep(long start, Workspace workspace, string name, Tensor input, int outputColumns)
    {
        long end = Stopwatch.GetTimestamp();
        if (!_isOn || workspace.IsPlanning)
            return;
        if (_operations.Count == _ticks.Length)
            Array.Resize(ref _ticks, 2 * _ticks.Length);
        _ticks[_operations.Count] = end - start;
        _operations.Add(new TimedOperation(name, input.RowCount, input.ColumnCount, outputColumns));
    }

    private void Keep(long start, Workspace workspace, string name, Tensor output) => Keep(start, workspace, name, output, output.ColumnCount);
}
