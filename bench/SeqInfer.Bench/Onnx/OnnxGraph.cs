namespace SeqInfer.Bench.Onnx;

/// <summary>
/// Builds a graph in the order of execution and writes it as a ModelProto. A node with the inputs and attributes of an earlier one is that
/// earlier one.
/// </summary>
internal sealed class OnnxGraph
{
    /// <summary>Version of the standard operator set: the first with Gelu.</summary>
    public const int Opset = 20;

    private const int IrVersion = 9;

    private readonly List<ProtoMessage> _inputs = [];
    private readonly List<ProtoMessage> _outputs = [];
    private readonly List<ProtoMessage> _constants = [];
    private readonly List<ProtoMessage> _nodes = [];
    private readonly Dictionary<string, string[]> _known = new(StringComparer.Ordinal);
    private int _names;

    /// <summary>Declares an input and returns its name.</summary>
    public string Input(string name, OnnxElement element, params ReadOnlySpan<OnnxDimension> shape)
    {
        _inputs.Add(Slot(name, element, shape));
        return name;
    }

    /// <summary>Makes a value an output of the graph. Its name stays the value's own.</summary>
    public void Output(string value, OnnxElement element, params ReadOnlySpan<OnnxDimension> shape) => _outputs.Add(Slot(value, element, shape));

    /// <summary>Adds a constant and returns its name; the array is read when the model is written.</summary>
    public string Constant(float[] values, params ReadOnlySpan<long> shape) => Constant(values, OnnxElement.Float, shape);

    /// <inheritdoc cref="Constant(float[], ReadOnlySpan{long})"/>
    public string Constant(long[] values, params ReadOnlySpan<long> shape) => Constant(values, OnnxElement.Int64, shape);

    /// <summary>A constant list of integers, such as a shape.</summary>
    public string Ints(params long[] values)
    {
        string key = $"ints {string.Join(",", values)}";
        if (!_known.TryGetValue(key, out string[]? known))
            _known[key] = known = [Constant(values, values.Length)];
        return known[0];
    }

    /// <summary>A constant of rank 0.</summary>
    public string Scalar(float value) => Scalar($"float {value:R}", () => Constant([value]));

    /// <inheritdoc cref="Scalar(float)"/>
    public string Scalar(long value) => Scalar($"int {value}", () => Constant([value]));

    /// <summary>Adds a node with one output and returns the output's name.</summary>
    public string Node(string operation, ReadOnlySpan<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes) =>
        Node(operation, inputs, 1, attributes)[0];

    /// <summary>Adds a node and returns the names of its outputs.</summary>
    /// <param name="operation">Name of a standard operator.</param>
    /// <param name="inputs">Names of values; an empty name leaves an optional input out.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="attributes">Constants of the operator.</param>
    public string[] Node(string operation, ReadOnlySpan<string> inputs, int outputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        string key = $"{operation}({string.Join(",", inputs!)};{string.Join<OnnxAttribute>(";", attributes.ToArray())})x{outputs}";
        if (_known.TryGetValue(key, out string[]? known))
            return known;
        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => NewName(operation))];
        var node = new ProtoMessage();
        foreach (string input in inputs)
            node.Add(1, input);
        node.AddAll(2, names).Add(3, names[0]).Add(4, operation);
        foreach (OnnxAttribute attribute in attributes)
            node.Add(5, attribute.Message);
        _nodes.Add(node);
        _known[key] = names;
        return names;
    }

    /// <summary>The ModelProto.</summary>
    public byte[] ToArray()
    {
        ProtoMessage graph = new ProtoMessage().AddAll(1, _nodes).Add(2, "seqinfer").AddAll(5, _constants).AddAll(11, _inputs).AddAll(12, _outputs);
        ProtoMessage operators = new ProtoMessage().Add(1, "").Add(2, Opset);
        return new ProtoMessage().Add(1, IrVersion).Add(2, "seqinfer").Add(7, graph).Add(8, operators).ToArray();
    }

    private string Scalar(string key, Func<string> create)
    {
        if (!_known.TryGetValue(key, out string[]? known))
            _known[key] = known = [create()];
        return known[0];
    }

    private string Constant(Array values, OnnxElement element, ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long dimension in shape)
            count *= dimension;
        if (count != values.Length)
            throw new ArgumentException($"{values.Length} values for a shape of {count}", nameof(values));
        string name = NewName("const");
        _constants.Add(new ProtoMessage().AddAll(1, shape.ToArray()).Add(2, (long)element).Add(8, name).AddRaw(9, values));
        return name;
    }

    private static ProtoMessage Slot(string name, OnnxElement element, ReadOnlySpan<OnnxDimension> shape)
    {
        var dimensions = new ProtoMessage();
        foreach (OnnxDimension dimension in shape)
            dimensions.Add(1, dimension.Symbol is null ? new ProtoMessage().Add(1, dimension.Size) : new ProtoMessage().Add(2, dimension.Symbol));
        ProtoMessage tensor = new ProtoMessage().Add(1, (long)element).Add(2, dimensions);
        return new ProtoMessage().Add(1, name).Add(2, new ProtoMessage().Add(1, tensor));
    }

    private string NewName(string operation) => $"{operation}_{_names++}";
}
