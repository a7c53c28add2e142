using SeqInfer.Bench.Onnx;
using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Recording;

/// <summary>
/// Computes nothing: each operation writes the ONNX operators that compute the same, in the form that ONNX Runtime runs fastest.
/// Sequences are dense here: all of one length, or padded to it.
/// </summary>
internal sealed partial class RecordingDevice(RecordingOptions options) : Device
{
    private readonly OnnxGraph _graph = new();
    private GraphConstants? _constants;
    private GraphInputs? _inputs;
    private SequenceShape _shape;

    public override string Name => "recording";

    public override string KernelName => $"onnx-{OnnxGraph.Opset}";

    public override bool CarriesSingleQueries => options.CarriesSingleQueries;

    /// <summary>The graph so far.</summary>
    public OnnxGraph Graph => _graph;

    private GraphConstants Constants => _constants ??= new GraphConstants(_graph);

    /// <summary>The inputs of the graph; <see cref="Begin"/> makes them.</summary>
    public GraphInputs Inputs => _inputs ?? throw new InvalidOperationException("no request has begun");

    /// <summary>Says which request the next forward pass answers.</summary>
    public void Begin(Batch batch, SequenceShape shape)
    {
        _shape = shape;
        _inputs = new GraphInputs(_graph, batch, shape);
    }

    public override Workspace CreateWorkspace(WorkspaceSize size) => new RecordingWorkspace(size);

    /// <summary>What a window holds after the forward pass.</summary>
    public Recorded Result(Workspace workspace, Tensor window) => At(workspace, window);

    /// <summary>Name of the integers [rows, count] that an operation wrote.</summary>
    public static string Result(Workspace workspace, Indices window) => ((RecordingWorkspace)workspace).IntegerResults[window];

    protected override bool Owns(Workspace workspace) => workspace is RecordingWorkspace;

    protected override void WriteCore(Workspace workspace, ReadOnlySpan<float> source, Tensor target)
    {
        if (!IsIdle(workspace))
            Set(workspace, target, Layout.Flat, Inputs.Values(source));
    }

    protected override void ReadCore(Workspace workspace, Tensor source, Span<float> target) => target.Fill(Unknown(workspace));

    protected override void ReadCore(Workspace workspace, Tensor source, Span<double> target) => target.Fill(Unknown(workspace));

    // Before a request, a model computes what all requests share (rows of padding): nothing that a dense batch needs.
    private bool IsIdle(Workspace workspace) => workspace.IsPlanning || _inputs is null;

    // Whoever uses what was read while idle gets NaN, not a wrong number.
    private float Unknown(Workspace workspace) =>
        IsIdle(workspace) ? float.NaN : throw new RecordingException("a forward pass reads numbers back, which a graph does not have");

    private Recorded At(Workspace workspace, Tensor window) => ((RecordingWorkspace)workspace).Memory.Read(window, Concat);

    private static void Set(Workspace workspace, Tensor window, Recorded value) => ((RecordingWorkspace)workspace).Memory.Write(window, value);

    private void Set(Workspace workspace, Tensor window, Layout layout, string name) =>
        Set(workspace, window, Value(window.RowCount, window.ColumnCount, layout, name));

    private Recorded Value(int rows, int columns, Layout layout, string name) => new(_graph, _shape, rows, columns, layout, name);

    private Recorded Concat(IReadOnlyList<Recorded> parts, bool areRows)
    {
        Layout layout = areRows || !parts.All(part => part.IsSequences) ? Layout.Flat : parts[0].Native;
        string name = _graph.Node("Concat", [.. parts.Select(part => part.As(layout))], new OnnxAttribute("axis", areRows ? 0L : -1L));
        int rows = areRows ? parts.Sum(part => part.RowCount) : parts[0].RowCount;
        int columns = areRows ? parts[0].ColumnCount : parts.Sum(part => part.ColumnCount);
        return Value(rows, columns, layout, name);
    }

    private string Reshape(string name, params long[] shape) => _graph.Node("Reshape", [name, _graph.Ints(shape)]);

    private string Transpose(string name, params long[] permutation) =>
        _graph.Node("Transpose", [name], new OnnxAttribute("perm", permutation));

    // Sequences of a dense batch all have the recorded length, or are all single rows.
    private int LengthOf(Workspace workspace, Ragged sequences)
    {
        if (sequences.Count != _shape.Batch)
            throw new RecordingException($"{sequences.Count} sequences in a batch of {_shape.Batch}");
        int length = sequences.RowCount / _shape.Batch;
        ReadOnlySpan<int> offsets = workspace.Span(sequences.Offsets);
        for (int i = 0; i < offsets.Length; i++)
        {
            if (offsets[i] != i * length)
                throw new RecordingException("the sequences have different lengths; only dense batches can be recorded");
        }

        return length;
    }
}
