using SeqInfer.Bench.Onnx;

namespace SeqInfer.Bench.Recording;

/// <summary>
/// What a window holds, as a value of the graph. It exists in any layout that somebody reads; some values are only written into the graph
/// when they are read, in the layout or the columns that are wanted.
/// </summary>
internal sealed class Recorded
{
    private readonly OnnxGraph _graph;
    private readonly SequenceShape _shape;
    private readonly Dictionary<Layout, string> _names = [];
    private readonly Func<Layout, string?>? _make;
    private readonly Func<int, int, Recorded>? _columns;

    /// <summary>A value that is in the graph.</summary>
    public Recorded(OnnxGraph graph, SequenceShape shape, int rows, int columns, Layout layout, string name)
        : this(graph, shape, rows, columns, layout) => _names[layout] = name;

    /// <summary>A value that is written when it is read.</summary>
    /// <param name="graph">Where to.</param>
    /// <param name="shape">The recorded batch.</param>
    /// <param name="rows">Rows of the window.</param>
    /// <param name="columns">Columns of the window.</param>
    /// <param name="preferred">The layout that costs nothing more.</param>
    /// <param name="make">Writes it in a layout; null where it cannot be had directly. The preferred layout always can.</param>
    /// <param name="slice">Gives some columns (first, count) without computing the others; null where that is not possible.</param>
    public Recorded(
        OnnxGraph graph,
        SequenceShape shape,
        int rows,
        int columns,
        Layout preferred,
        Func<Layout, string?> make,
        Func<int, int, Recorded>? slice = null)
        : this(graph, shape, rows, columns, preferred)
    {
        _make = make;
        _columns = slice;
    }

    private Recorded(OnnxGraph graph, SequenceShape shape, int rows, int columns, Layout native)
    {
        _graph = graph;
        _shape = shape;
        RowCount = rows;
        ColumnCount = columns;
        Native = native;
        if (native != Layout.Flat && !IsSequences)
            throw new RecordingException($"{rows} rows are not {shape.Batch} sequences of {shape.Length}");
    }

    public int RowCount { get; }

    public int ColumnCount { get; }

    /// <summary>The layout to go on with: other layouts cost a reshape or a transposition.</summary>
    public Layout Native { get; }

    /// <summary>True when the rows are those of all sequences.</summary>
    public bool IsSequences => RowCount == _shape.RowCount;

    /// <summary>Name of the value in a layout.</summary>
    public string As(Layout layout)
    {
        if (_names.TryGetValue(layout, out string? name))
            return name;
        name = _make?.Invoke(layout) ?? Convert(layout);
        _names[layout] = name;
        return name;
    }

    /// <summary>Some of the columns.</summary>
    public Recorded Columns(int start, int count)
    {
        if (start == 0 && count == ColumnCount)
            return this;
        if (_columns is not null && _names.Count == 0)
            return _columns(start, count);
        string part = _graph.Node(
            "Slice", [As(Native), _graph.Ints(start), _graph.Ints(start + count), _graph.Ints(-1)]);
        return new Recorded(_graph, _shape, RowCount, count, Native, part);
    }

    /// <summary>Some of the rows.</summary>
    public Recorded Rows(int start, int count)
    {
        if (start == 0 && count == RowCount)
            return this;
        if (_shape.IsBatchSymbolic)
            throw new RecordingException($"rows {start} .. {start + count} of {RowCount} depend on the batch size, which is open");
        string part = _graph.Node(
            "Slice", [As(Layout.Flat), _graph.Ints(start), _graph.Ints(start + count), _graph.Ints(0)]);
        return new Recorded(_graph, _shape, count, ColumnCount, Layout.Flat, part);
    }

    private string Convert(Layout layout)
    {
        if (layout != Layout.Flat && !IsSequences)
            throw new RecordingException($"{RowCount} rows are not {_shape.Batch} sequences of {_shape.Length}");
        return (Native, layout) switch
        {
            (Layout.Flat, Layout.Batched) => Reshape(As(Layout.Flat), -1, _shape.Length, ColumnCount),
            (Layout.Batched, Layout.Flat) => Reshape(As(Layout.Batched), -1, ColumnCount),
            (Layout.TimeMajor, Layout.Batched) => SwapTime(As(Layout.TimeMajor), 1, _shape.Length),
            (Layout.TimeMajor, Layout.Flat) => Reshape(As(Layout.Batched), -1, ColumnCount),
            (_, Layout.TimeMajor) => SwapTime(As(Layout.Batched), _shape.Length, 1),
            _ => As(Native),
        };
    }

    // With a single sequence both layouts have the same bytes.
    private string SwapTime(string name, int first, int second) => _shape is { Batch: 1, IsBatchSymbolic: false }
        ? Reshape(name, first, second, ColumnCount)
        : _graph.Node("Transpose", [name], new OnnxAttribute("perm", 1L, 0L, 2L));

    private string Reshape(string name, params long[] shape) => _graph.Node("Reshape", [name, _graph.Ints(shape)]);
}
