using System.Text.Json;

namespace SeqInfer.Cli.Verification;

/// <summary>The fields of one JSON object of a case.json, read by type; an error names the field and what is allowed.</summary>
internal readonly record struct CaseFields(string File, string Path, JsonElement Value)
{
    public bool Has(string field) => Value.TryGetProperty(field, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    public bool IsText(string field) => Value.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.String;

    public string Text(string field) =>
        OptionalText(field) ?? throw Error(field, "missing; expected a string");

    public string? OptionalText(string field)
    {
        if (!Has(field))
            return null;
        JsonElement value = Value.GetProperty(field);
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(field, value, "a string");
    }

    public int? OptionalInt(string field)
    {
        if (!Has(field))
            return null;
        JsonElement value = Value.GetProperty(field);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : throw Wrong(field, value, "an integer");
    }

    /// <summary>A list of integers; empty where the field is missing.</summary>
    public int[] Ints(string field)
    {
        if (!Has(field))
            return [];
        JsonElement list = Value.GetProperty(field);
        if (list.ValueKind != JsonValueKind.Array)
            throw Wrong(field, list, "a list of integers");
        List<int> numbers = [];
        foreach (JsonElement item in list.EnumerateArray())
        {
            numbers.Add(item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int number)
                ? number
                : throw Wrong(field, list, "a list of integers"));
        }

        return [.. numbers];
    }

    public double Tolerance(string field)
    {
        if (!Has(field))
            throw Error(field, "missing; expected a number of at least 0");
        JsonElement value = Value.GetProperty(field);
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= 0 && double.IsFinite(number)
            ? number
            : throw Wrong(field, value, "a number of at least 0");
    }

    public T Choice<T>(string field, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        string text = Text(field);
        List<string> words = [];
        foreach ((string word, T value) in choices)
        {
            if (word == text)
                return value;
            words.Add($"\"{word}\"");
        }

        throw Error(field, $"\"{text}\" is not allowed; expected {string.Join(", ", words)}");
    }

    public CaseFields Object(string field)
    {
        if (!Has(field))
            throw Error(field, "missing; expected an object");
        JsonElement value = Value.GetProperty(field);
        return value.ValueKind == JsonValueKind.Object
            ? new CaseFields(File, $"{Path}{field}.", value)
            : throw Wrong(field, value, "an object");
    }

    public IEnumerable<CaseFields> Objects(string field)
    {
        if (!Has(field))
            throw Error(field, "missing; expected a list of objects");
        JsonElement list = Value.GetProperty(field);
        if (list.ValueKind != JsonValueKind.Array)
            throw Wrong(field, list, "a list of objects");
        List<CaseFields> items = [];
        foreach (JsonElement item in list.EnumerateArray())
        {
            items.Add(item.ValueKind == JsonValueKind.Object
                ? new CaseFields(File, $"{Path}{field}[{items.Count}].", item)
                : throw Wrong($"{field}[{items.Count}]", item, "an object"));
        }

        return items;
    }

    public void AllowOnly(params ReadOnlySpan<string> allowed)
    {
        foreach (JsonProperty property in Value.EnumerateObject())
        {
            if (!allowed.Contains(property.Name))
                throw Error(property.Name, $"unknown; known fields are {string.Join(", ", allowed.ToArray())}");
        }
    }

    public CaseFormatException Error(string field, string problem) => new(File, Path + field, problem);

    private CaseFormatException Wrong(string field, JsonElement value, string allowed) =>
        Error(field, $"{value.GetRawText()} is not allowed; expected {allowed}");
}
