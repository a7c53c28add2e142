using System.Collections.Immutable;
using System.Text.Json;
using SeqInfer.Inputs;

namespace SeqInfer.Models;

/// <summary>
/// The fields of a config.json. A model reads each field it knows by a typed getter; fields that nobody asked for are an error,
/// so that a misspelt option cannot be overlooked.
/// </summary>
public sealed class ModelConfig
{
    private readonly JsonElement _root;
    private readonly string _path;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly List<ModelConfig> _children = [];
    private readonly Dictionary<string, string[]> _choices = new(StringComparer.Ordinal);

    private ModelConfig(string file, string path, JsonElement root)
    {
        File = file;
        _path = path;
        _root = root;
    }

    /// <summary>The file, as messages name it.</summary>
    public string File { get; }

    /// <summary>What was given beside the weights when the model was loaded.</summary>
    public ModelData Data { get; private init; } = ModelData.Empty;

    /// <summary>How the nodes of a graph in <see cref="Data"/> are numbered inside.</summary>
    public NodeReordering NodeReordering { get; private init; }

    /// <summary>The fields read so far that have a few values, with all of them as JSON text.</summary>
    internal IReadOnlyDictionary<string, string[]> KnownChoices => _choices;

    /// <summary>Reads a config.json.</summary>
    /// <exception cref="ModelConfigException">The file is missing, is not a JSON object or names a field twice.</exception>
    public static ModelConfig Load(string file)
    {
        byte[] utf8;
        try
        {
            utf8 = System.IO.File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelConfigException(file, null, e is FileNotFoundException or DirectoryNotFoundException ? "no such file" : e.Message, e);
        }

        return Parse(file, utf8);
    }

    /// <summary>Parses the text of a config.json.</summary>
    /// <exception cref="ModelConfigException">It is not a JSON object or names a field twice.</exception>
    public static ModelConfig Parse(string file, ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new ModelConfigException(file, null, "expected a JSON object");
            return new ModelConfig(file, "", document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw new ModelConfigException(file, null, $"not valid JSON: {e.Message}", e);
        }
    }

    /// <summary>The same configuration with some fields replaced or added.</summary>
    /// <param name="fields">Name to JSON text.</param>
    /// <exception cref="ModelConfigException">A replacement is not valid JSON.</exception>
    public ModelConfig With(IReadOnlyDictionary<string, string> fields)
    {
        if (fields.Count == 0)
            return this;
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (JsonProperty property in _root.EnumerateObject().Where(property => !fields.ContainsKey(property.Name)))
                property.WriteTo(writer);
            foreach ((string name, string json) in fields)
            {
                writer.WritePropertyName(name);
                try
                {
                    writer.WriteRawValue(json);
                }
                catch (JsonException e)
                {
                    throw new ModelConfigException(File, _path + name, $"the replacement {json} is not valid JSON", e);
                }
            }

            writer.WriteEndObject();
        }

        return Parse(File, stream.ToArray()).With(Data, NodeReordering);
    }

    /// <summary>The same configuration with what was given beside the weights.</summary>
    public ModelConfig With(ModelData data, NodeReordering reordering = NodeReordering.None) => new(File, _path, _root) { Data = data, NodeReordering = reordering };

    /// <summary>All fields in an order and a form that do not depend on how the file was written.</summary>
    internal string CanonicalText()
    {
        var text = new System.Text.StringBuilder();
        Write(_root);
        return text.ToString();

        void Write(JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Object)
            {
                text.Append('{');
                foreach (JsonProperty property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    text.Append(property.Name).Append(':');
                    Write(property.Value);
                    text.Append(',');
                }

                text.Append('}');
            }
            else if (value.ValueKind == JsonValueKind.Array)
            {
                text.Append('[');
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Write(item);
                    text.Append(',');
                }

                text.Append(']');
            }
            else
            {
                text.Append(value.GetRawText());
            }
        }
    }

    /// <summary>A field as JSON text, or null where it is missing.</summary>
    internal string? RawText(string field) => _root.TryGetProperty(field, out JsonElement value) ? value.GetRawText() : null;

    /// <summary>True when the field is there and not null.</summary>
    public bool Contains(string field) => _root.TryGetProperty(field, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>True when the field is there and a number: for fields that also allow words.</summary>
    public bool IsNumber(string field) => _root.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.Number;

    /// <summary>An integer of at least <paramref name="min"/>.</summary>
    public int Int(string field, int min = 1, int max = int.MaxValue) => ToInt(field, Get(field, IntRange(min, max)), min, max);

    /// <summary>An integer of at least <paramref name="min"/>, or <paramref name="fallback"/> where the field is missing.</summary>
    public int OptionalInt(string field, int fallback, int min = 1) => Contains(field) ? Int(field, min) : Skip(field, fallback);

    /// <summary>A list of integers, each of at least <paramref name="min"/>.</summary>
    public ImmutableArray<int> Ints(string field, int min = 1)
    {
        string allowed = $"a list of integers, each at least {min}";
        JsonElement value = Get(field, allowed);
        if (value.ValueKind != JsonValueKind.Array)
            throw Wrong(field, value, allowed);
        ImmutableArray<int>.Builder items = ImmutableArray.CreateBuilder<int>(value.GetArrayLength());
        foreach (JsonElement item in value.EnumerateArray())
            items.Add(ToInt($"{field}[{items.Count}]", item, min, int.MaxValue));
        return items.MoveToImmutable();
    }

    /// <summary>A list of true and false.</summary>
    public ImmutableArray<bool> Bools(string field)
    {
        const string Allowed = "a list of true, false";
        JsonElement value = Get(field, Allowed);
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind is not (JsonValueKind.True or JsonValueKind.False)))
            throw Wrong(field, value, Allowed);
        return [.. value.EnumerateArray().Select(item => item.GetBoolean())];
    }

    /// <summary>A finite number that is not negative.</summary>
    public double NonNegative(string field)
    {
        const string Allowed = "a number of at least 0";
        JsonElement value = Get(field, Allowed);
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= 0 && double.IsFinite(number)
            ? number
            : throw Wrong(field, value, Allowed);
    }

    /// <summary>A finite number, or <paramref name="fallback"/> where the field is missing.</summary>
    public double OptionalNumber(string field, double fallback)
    {
        if (!Contains(field))
            return Skip(field, fallback);
        JsonElement value = Get(field, "a number");
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw Wrong(field, value, "a finite number");
    }

    /// <summary>true or false.</summary>
    public bool Bool(string field)
    {
        JsonElement value = Get(field, "true, false");
        _choices[field] = ["true", "false"];
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(field, value, "true, false");
    }

    /// <summary>true or false, or <paramref name="fallback"/> where the field is missing.</summary>
    public bool OptionalBool(string field, bool fallback) => Contains(field) ? Bool(field) : Skip(field, fallback);

    /// <summary>Any text.</summary>
    public string Text(string field)
    {
        JsonElement value = Get(field, "a string");
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(field, value, "a string");
    }

    /// <summary>Any text, or null where the field is missing.</summary>
    public string? OptionalText(string field) => Contains(field) ? Text(field) : Skip<string?>(field, null);

    /// <summary>One of the listed words, each standing for a value.</summary>
    public T Choice<T>(string field, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        List<string> words = [];
        foreach ((string word, _) in choices)
            words.Add($"\"{word}\"");
        string allowed = string.Join(", ", words);
        JsonElement value = Get(field, allowed);
        _choices[field] = [.. words];
        if (value.ValueKind == JsonValueKind.String)
        {
            foreach ((string word, T result) in choices)
            {
                if (value.ValueEquals(word))
                    return result;
            }
        }

        throw Wrong(field, value, allowed);
    }

    /// <summary>One of the listed words, or <paramref name="fallback"/> where the field is missing.</summary>
    public T OptionalChoice<T>(string field, T fallback, params ReadOnlySpan<(string Word, T Value)> choices) =>
        Contains(field) ? Choice(field, choices) : Skip(field, fallback);

    /// <summary>A list of the listed words.</summary>
    public ImmutableArray<T> Choices<T>(string field, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        Dictionary<string, T> values = new(StringComparer.Ordinal);
        foreach ((string word, T value) in choices)
            values.Add(word, value);
        string allowed = $"a list of {string.Join(", ", values.Keys.Select(word => $"\"{word}\""))}";
        JsonElement list = Get(field, allowed);
        if (list.ValueKind != JsonValueKind.Array)
            throw Wrong(field, list, allowed);
        return [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String && values.TryGetValue(item.GetString()!, out T? value)
            ? value
            : throw Wrong(field, item, allowed))];
    }

    /// <summary>A list of objects.</summary>
    public IReadOnlyList<ModelConfig> Objects(string field)
    {
        const string Allowed = "a list of objects";
        JsonElement value = Get(field, Allowed);
        if (value.ValueKind != JsonValueKind.Array)
            throw Wrong(field, value, Allowed);
        List<ModelConfig> items = [];
        foreach (JsonElement item in value.EnumerateArray())
        {
            items.Add(item.ValueKind == JsonValueKind.Object
                ? new ModelConfig(File, $"{_path}{field}[{items.Count}].", item)
                : throw Wrong(field, value, Allowed));
        }

        _children.AddRange(items);
        return items;
    }

    /// <summary>A map from names to integers.</summary>
    public IReadOnlyDictionary<string, int> IntMap(string field)
    {
        JsonElement value = Get(field, "an object of integers");
        if (value.ValueKind != JsonValueKind.Object)
            throw Wrong(field, value, "an object of integers");
        Dictionary<string, int> map = new(StringComparer.Ordinal);
        foreach (JsonProperty item in value.EnumerateObject())
            map.Add(item.Name, ToInt($"{field}.{item.Name}", item.Value, int.MinValue, int.MaxValue));
        return map;
    }

    /// <summary>A map from names to texts; empty where the field is missing.</summary>
    public IReadOnlyDictionary<string, string> OptionalTextMap(string field)
    {
        if (!Contains(field))
            return Skip(field, ImmutableDictionary<string, string>.Empty);
        JsonElement value = Get(field, "an object of strings");
        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(item => item.Value.ValueKind != JsonValueKind.String))
            throw Wrong(field, value, "an object of strings");
        return value.EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetString()!, StringComparer.Ordinal);
    }

    /// <summary>An error about a field, for rules that no getter knows.</summary>
    public ModelConfigException Error(string field, string problem) => new(File, _path + field, problem);

    /// <summary>Takes a field as known without reading it: notes that writers leave and inference does not need.</summary>
    public void Ignore(params ReadOnlySpan<string> fields)
    {
        foreach (string field in fields)
            _ = _read.Add(field);
    }

    /// <summary>Takes all fields as known: for a format that others write, with fields that say nothing about inference.</summary>
    public void IgnoreOthers()
    {
        foreach (JsonProperty property in _root.EnumerateObject())
            _ = _read.Add(property.Name);
    }

    /// <summary>Throws when a field was there that nobody asked for.</summary>
    /// <exception cref="ModelConfigException">The first unknown field; the message lists those that are known.</exception>
    public void Complete()
    {
        foreach (JsonProperty property in _root.EnumerateObject())
        {
            if (!_read.Contains(property.Name))
                throw new ModelConfigException(File, _path + property.Name, $"unknown; known fields are {string.Join(", ", _read.Order(StringComparer.Ordinal))}");
        }

        foreach (ModelConfig child in _children)
            child.Complete();
    }

    private static string IntRange(int min, int max) => max == int.MaxValue ? $"an integer of at least {min}" : $"an integer of {min} .. {max}";

    private T Skip<T>(string field, T fallback)
    {
        _ = _read.Add(field);
        return fallback;
    }

    private JsonElement Get(string field, string allowed)
    {
        _ = _read.Add(field);
        return _root.TryGetProperty(field, out JsonElement value)
            ? value
            : throw new ModelConfigException(File, _path + field, $"missing; expected {allowed}");
    }

    private int ToInt(string field, JsonElement value, int min, int max) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= min && number <= max
            ? number
            : throw Wrong(field, value, IntRange(min, max));

    private ModelConfigException Wrong(string field, JsonElement value, string allowed)
    {
        string raw = value.GetRawText();
        return new ModelConfigException(File, _path + field, $"{(raw.Length > 60 ? raw[..60] + "..." : raw)} is not allowed; expected {allowed}");
    }
}
