namespace SeqInfer.Bench.Onnx;

/// <summary>A named constant of an operator: an integer, a number, a text, or a list of integers or texts.</summary>
internal sealed class OnnxAttribute
{
    private const int NameField = 1;
    private const int FloatField = 2;
    private const int IntField = 3;
    private const int TextField = 4;
    private const int IntsField = 8;
    private const int TextsField = 9;
    private const int TypeField = 20;

    private readonly string _description;

    private OnnxAttribute(string name, string description, ProtoMessage message, AttributeType type)
    {
        _description = $"{name}={description}";
        Message = message.Add(TypeField, (long)type);
    }

    public OnnxAttribute(string name, long value)
        : this(name, $"{value}", Named(name).Add(IntField, value), AttributeType.Int)
    {
    }

    public OnnxAttribute(string name, float value)
        : this(name, $"{value:R}", Named(name).Add(FloatField, value), AttributeType.Float)
    {
    }

    public OnnxAttribute(string name, string value)
        : this(name, value, Named(name).Add(TextField, value), AttributeType.Text)
    {
    }

    public OnnxAttribute(string name, params IReadOnlyList<long> values)
        : this(name, string.Join(",", values), Named(name).AddAll(IntsField, values), AttributeType.Ints)
    {
    }

    public OnnxAttribute(string name, params IReadOnlyList<string> values)
        : this(name, string.Join(",", values), Named(name).AddAll(TextsField, values), AttributeType.Texts)
    {
    }

    /// <summary>The AttributeProto.</summary>
    public ProtoMessage Message { get; }

    /// <summary>Name and value; equal for equal attributes.</summary>
    public override string ToString() => _description;

    private static ProtoMessage Named(string name) => new ProtoMessage().Add(NameField, name);

    private enum AttributeType
    {
        Float = 1,
        Int = 2,
        Text = 3,
        Ints = 7,
        Texts = 8,
    }
}
