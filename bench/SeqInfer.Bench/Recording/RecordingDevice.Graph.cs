using SeqInfer.Bench.Onnx;
using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Recording;

/// <remarks>ScatterND with a reduction is the form of aggregation that ONNX Runtime runs fastest; ScatterElements is some thirty times slower.</remarks>
internal sealed partial class RecordingDevice
{
    private readonly Dictionary<(Graph, string), string> _graphConstants = [];

    protected override Graph CreateGraphCore(
        ReadOnlySpan<int> offsets, ReadOnlySpan<int> columns, int columnCount, ReadOnlySpan<double> weights) =>
        new RecordedGraph(this, offsets, columns, columnCount, weights);

    protected override void AggregateCore(Workspace workspace, Tensor input, in Adjacency adjacency, AggregateKind kind, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        if (adjacency.Graph is null)
        {
            Set(workspace, output, Layout.Flat, SumOfPairs(workspace, input, adjacency, kind));
            return;
        }

        RecordedGraph graph = GraphOf(adjacency);
        if (options.Aggregate == AggregateForm.Buckets && kind != AggregateKind.Max)
        {
            Set(workspace, output, Layout.Flat, SumInBuckets(graph, At(workspace, input).As(Layout.Flat), kind == AggregateKind.Mean));
            return;
        }

        string messages = _graph.Node("Gather", [At(workspace, input).As(Layout.Flat), Sources(graph)]);
        if (graph.Weights is { } weights)
            messages = _graph.Node("Mul", [messages, ConstantOf(graph, "weights", () => _graph.Constant(weights, weights.Length, 1))]);
        string y = kind == AggregateKind.Max
            ? Largest(graph, messages, output.ColumnCount)
            : Scatter(graph, messages, "add", 0, output.ColumnCount);
        if (kind == AggregateKind.Mean)
            y = _graph.Node("Mul", [y, ConstantOf(graph, "degrees", () => _graph.Constant(graph.InverseDegrees, graph.RowCount, 1))]);
        Set(workspace, output, Layout.Flat, y);
    }

    protected override void GraphAttentionCore(
        Workspace workspace, Tensor input, Tensor target, Tensor source, in Adjacency adjacency, float slope, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        RecordedGraph graph = GraphOf(adjacency);
        int heads = target.ColumnCount;
        int size = input.ColumnCount / heads;
        string targets = ConstantOf(graph, "targets", () => _graph.Constant(graph.Targets, graph.Targets.Length));
        string own = _graph.Node("Gather", [At(workspace, target).As(Layout.Flat), targets]);
        string other = _graph.Node("Gather", [At(workspace, source).As(Layout.Flat), Sources(graph)]);
        string scores = _graph.Node("LeakyRelu", [_graph.Node("Add", [own, other])], new OnnxAttribute("alpha", slope));
        string largest = _graph.Node("Gather", [Scatter(graph, scores, "max", float.MinValue, heads), targets]);
        string e = _graph.Node("Exp", [_graph.Node("Sub", [scores, largest])]);
        string sums = _graph.Node("Gather", [Scatter(graph, e, "add", 0, heads), targets]);
        string shares = Reshape(_graph.Node("Div", [e, sums]), -1, heads, 1);
        string rows = Reshape(_graph.Node("Gather", [At(workspace, input).As(Layout.Flat), Sources(graph)]), -1, heads, size);
        string messages = Reshape(_graph.Node("Mul", [rows, shares]), -1, input.ColumnCount);
        Set(workspace, output, Layout.Flat, Scatter(graph, messages, "add", 0, output.ColumnCount));
    }

    // Nodes without neighbours keep the start value of the maximum, which has to become 0.
    private string Largest(RecordedGraph graph, string messages, int columns)
    {
        float[] masks = Array.ConvertAll(graph.InverseDegrees, inverse => inverse == 0 ? 0f : 1f);
        string mask = ConstantOf(graph, "has neighbours", () => _graph.Constant(masks, graph.RowCount, 1));
        return _graph.Node("Mul", [Scatter(graph, messages, "max", float.MinValue, columns), mask]);
    }

    private string Scatter(RecordedGraph graph, string messages, string reduction, float start, int columns)
    {
        float[] values = new float[graph.RowCount * columns];
        Array.Fill(values, start);
        string target = ConstantOf(graph, $"start {start:R} {columns}", () => _graph.Constant(values, graph.RowCount, columns));
        string indices = ConstantOf(graph, "target indices", () => _graph.Constant(graph.Targets, graph.Targets.Length, 1));
        return _graph.Node("ScatterND", [target, indices, messages], new OnnxAttribute("reduction", reduction));
    }

    private string Sources(RecordedGraph graph) => ConstantOf(graph, "sources", () => _graph.Constant(graph.Sources, graph.Sources.Length));

    private string ConstantOf(RecordedGraph graph, string what, Func<string> create)
    {
        if (!_graphConstants.TryGetValue((graph, what), out string? name))
            _graphConstants[(graph, what)] = name = create();
        return name;
    }

    private static RecordedGraph GraphOf(in Adjacency adjacency) =>
        adjacency.Graph as RecordedGraph ?? throw new RecordingException("a graph that comes with the request is not recorded");
}
