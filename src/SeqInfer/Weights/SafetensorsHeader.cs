using System.Text.Json;
using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>
/// Reads the JSON header as strictly as the reference reader does: one object, no comments, no trailing commas, no lone surrogates,
/// numbers that are plain unsigned 64-bit integers. Beyond the reference, a name given twice is refused.
/// </summary>
internal ref struct SafetensorsHeader
{
    /// <summary>The key of the string map; not a tensor.</summary>
    public const string MetadataKey = "__metadata__";

    /// <summary>The reference reader's recursion limit refuses the 128th open bracket.</summary>
    private const int MaxDepth = 127;

    private readonly string _file;
    private Utf8JsonReader _reader;

    /// <summary>What is being read, for messages: a tensor's name, or null.</summary>
    private string? _tensor;

    private SafetensorsHeader(string file, ReadOnlySpan<byte> json)
    {
        _file = file;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        Metadata = [];
        Entries = [];
    }

    /// <summary>The string map, empty where the header has none.</summary>
    public Dictionary<string, string> Metadata { get; private set; }

    /// <summary>The tensors in the order of the header.</summary>
    public List<SafetensorsEntry> Entries { get; }

    /// <summary>Parses a header.</summary>
    /// <exception cref="SafetensorsFormatException">
    /// <see cref="SafetensorsRule.InvalidHeader"/> or <see cref="SafetensorsRule.InvalidHeaderDeserialization"/>.
    /// </exception>
    public static SafetensorsHeader Parse(string file, ReadOnlySpan<byte> json)
    {
        if (!System.Text.Unicode.Utf8.IsValid(json))
            throw new SafetensorsFormatException(file, null, SafetensorsRule.InvalidHeader, "the header is not UTF-8");
        SafetensorsHeader header = new(file, json);
        try
        {
            header.ReadObject();
        }
        catch (JsonException error)
        {
            throw new SafetensorsFormatException(
                file, header._tensor, SafetensorsRule.InvalidHeaderDeserialization, error.Message, error);
        }

        return header;
    }

    private void ReadObject()
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        _ = _reader.Read();
        Expect(JsonTokenType.StartObject, "the header");
        while (ReadKey(out string key))
        {
            if (!names.Add(key)) throw Invalid($"\"{key}\" is given twice");
            if (key == MetadataKey)
            {
                ReadMetadata();
            }
            else
            {
                _tensor = key;
                ReadEntry(key);
                _tensor = null;
            }
        }

        // Anything but white space behind the object makes the reader throw.
        _ = _reader.Read();
    }

    private void ReadMetadata()
    {
        _ = _reader.Read();
        if (_reader.TokenType == JsonTokenType.Null) return;
        Expect(JsonTokenType.StartObject, MetadataKey);
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        while (ReadKey(out string key))
        {
            _ = _reader.Read();
            Expect(JsonTokenType.String, $"{MetadataKey}.{key}");
            if (!Metadata.TryAdd(key, Text())) throw Invalid($"{MetadataKey}.{key} is given twice");
        }
    }

    private void ReadEntry(string name)
    {
        DType? dtype = null;
        Shape? shape = null;
        ulong[]? offsets = null;
        _ = _reader.Read();
        Expect(JsonTokenType.StartObject, "the entry");
        while (ReadKey(out string key))
        {
            switch (key)
            {
                case "dtype":
                    if (dtype is not null) throw Invalid("dtype is given twice");
                    dtype = ReadDType();
                    break;
                case "shape":
                    if (shape is not null) throw Invalid("shape is given twice");
                    shape = Shape.FromUnsigned(ReadIntegers("shape"));
                    break;
                case "data_offsets":
                    if (offsets is not null) throw Invalid("data_offsets is given twice");
                    offsets = ReadIntegers("data_offsets");
                    if (offsets.Length != 2) throw Invalid($"data_offsets has {offsets.Length} numbers instead of 2");
                    break;
                default:
                    SkipValue();
                    break;
            }
        }

        Entries.Add(new SafetensorsEntry(
            name,
            dtype ?? throw Invalid("dtype is missing"),
            shape ?? throw Invalid("shape is missing"),
            (offsets ?? throw Invalid("data_offsets is missing"))[0],
            offsets[1]));
    }

    private DType ReadDType()
    {
        _ = _reader.Read();
        Expect(JsonTokenType.String, "dtype");
        string name = Text();
        return DTypeExtensions.TryParseSafetensors(name, out DType dtype)
            ? dtype
            : throw Invalid($"dtype \"{name}\" is unknown; known are {string.Join(", ", DTypeExtensions.SafetensorsNames)}");
    }

    private ulong[] ReadIntegers(string field)
    {
        List<ulong> numbers = [];
        _ = _reader.Read();
        Expect(JsonTokenType.StartArray, field);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(JsonTokenType.Number, field);
            if (!_reader.TryGetUInt64(out ulong number))
                throw Invalid($"{field} holds {System.Text.Encoding.UTF8.GetString(_reader.ValueSpan)}, not an unsigned 64-bit integer");
            numbers.Add(number);
        }

        return [.. numbers];
    }

    /// <summary>Passes over the value of an unknown field, which must still be valid down to its strings and numbers.</summary>
    private void SkipValue()
    {
        int depth = _reader.CurrentDepth;
        do
        {
            _ = _reader.Read();
            switch (_reader.TokenType)
            {
                case JsonTokenType.PropertyName or JsonTokenType.String:
                    if (_reader.ValueIsEscaped) _ = Text();
                    break;
                case JsonTokenType.Number:
                    if (!double.IsFinite(_reader.GetDouble())) throw Invalid("a number exceeds the range of a double");
                    break;
                default:
                    break;
            }
        }
        while (_reader.CurrentDepth > depth || _reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray);
    }

    private bool ReadKey(out string key)
    {
        _ = _reader.Read();
        bool isKey = _reader.TokenType == JsonTokenType.PropertyName;
        key = isKey ? Text() : "";
        return isKey;
    }

    private readonly string Text()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new JsonException("a string has an unpaired surrogate", error);
        }
    }

    private readonly void Expect(JsonTokenType expected, string what)
    {
        if (_reader.TokenType != expected) throw Invalid($"{what}: expected {expected}, found {_reader.TokenType}");
    }

    private readonly SafetensorsFormatException Invalid(string detail) => new(
        _file, _tensor, SafetensorsRule.InvalidHeaderDeserialization, $"{detail} (header byte {_reader.TokenStartIndex})");
}
