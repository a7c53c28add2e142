using System.Text.Json;

namespace SeqInfer.Cli.Verification;

/// <summary>Reads case.json. Fields of inputs and outputs that it does not know are errors: they would change what is compared.</summary>
internal sealed class CaseReader
{
    public const string FileName = "case.json";

    private static readonly string[] TensorFields = ["tensor", "column", "padding_side", "pad_id", "lengths"];
    private static readonly string[] RaggedFields = ["ids", "offsets"];
    private static readonly string[] RaggedValuesFields = ["values", "offsets"];
    private static readonly string[] ValuesFields = ["output", "expected", "atol", "rows", "where"];
    private static readonly string[] TopKFields = ["output", "k", "ids", "scores", "atol", "rows", "similarity", "exclude", "exclude_ids"];

    private readonly string _file;

    private CaseReader(string file) => _file = file;

    /// <summary>True for a folder that has a case.json.</summary>
    public static bool IsCase(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <exception cref="CaseFormatException">The file cannot be read or is not of the format.</exception>
    public static CaseDefinition Read(string folder)
    {
        string file = Path.Combine(folder, FileName);
        try
        {
            using JsonDocument document = JsonDocument.Parse(
                File.ReadAllBytes(file), new JsonDocumentOptions { AllowDuplicateProperties = false });
            return new CaseReader(file).Read(folder, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CaseFormatException(file, null, e.Message, e);
        }
    }

    private CaseDefinition Read(string folder, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new CaseFormatException(_file, null, "expected a JSON object");
        var fields = new CaseFields(_file, "", root);
        if (fields.OptionalInt("format") is int format and not 1)
            throw new CaseFormatException(_file, "format", $"{format} is not allowed; expected 1");
        Dictionary<string, CaseInput> inputs = new(StringComparer.Ordinal);
        foreach (JsonProperty input in fields.Object("inputs").Value.EnumerateObject())
            ReadInput(inputs, input.Name, input.Value);
        List<CaseOutput> outputs = [];
        foreach (CaseFields output in fields.Objects("outputs"))
            outputs.Add(ReadOutput(output));
        return outputs.Count > 0
            ? new CaseDefinition(folder, inputs, outputs)
            : throw new CaseFormatException(_file, "outputs", "there is nothing to compare");
    }

    private void ReadInput(Dictionary<string, CaseInput> inputs, string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            inputs.Add(name, new TensorInput(value.GetString()!));
            return;
        }

        if (value.ValueKind != JsonValueKind.Object)
            throw new CaseFormatException(_file, $"inputs.{name}", "expected a tensor's name or an object");
        var fields = new CaseFields(_file, $"inputs.{name}.", value);
        if (fields.Has("tensor"))
            inputs.Add(name, ReadTensor(fields));
        else if (IsRagged(value))
            inputs.Add(name, ReadRagged(fields));
        else if (IsRaggedValues(value))
            inputs.Add(name, ReadRaggedValues(fields));
        else
        {
            foreach (JsonProperty member in value.EnumerateObject())
                ReadInput(inputs, $"{name}.{member.Name}", member.Value);
        }
    }

    // A group may have a member "offsets" (edges by user) but then none called "ids".
    private static bool IsRagged(JsonElement value) => value.TryGetProperty("ids", out _) && value.TryGetProperty("offsets", out _);

    private static bool IsRaggedValues(JsonElement value) => value.TryGetProperty("values", out _) && value.TryGetProperty("offsets", out _);

    private static TensorInput ReadTensor(CaseFields fields)
    {
        fields.AllowOnly(TensorFields);
        string tensor = fields.Text("tensor");
        int? column = fields.OptionalInt("column");
        string? lengths = fields.OptionalText("lengths");
        if (!fields.Has("padding_side"))
        {
            return lengths is null
                ? new TensorInput(tensor, column)
                : new TensorInput(tensor, column, new CasePadding(PaddingEnd.Right, fields.OptionalInt("pad_id") ?? 0, lengths));
        }

        PaddingEnd side = fields.Choice("padding_side", ("left", PaddingEnd.Left), ("right", PaddingEnd.Right));
        return new TensorInput(tensor, column, new CasePadding(side, fields.OptionalInt("pad_id") ?? 0, lengths));
    }

    private static RaggedInput ReadRagged(CaseFields fields)
    {
        fields.AllowOnly(RaggedFields);
        return new RaggedInput(fields.Text("ids"), fields.Text("offsets"));
    }

    private static RaggedValuesInput ReadRaggedValues(CaseFields fields)
    {
        fields.AllowOnly(RaggedValuesFields);
        return new RaggedValuesInput(fields.Text("values"), fields.Text("offsets"));
    }

    private static CaseOutput ReadOutput(CaseFields fields)
    {
        string output = fields.Text("output");
        double tolerance = fields.Tolerance("atol");
        RowPick rows = ReadRows(fields);
        if (output != Models.RankingHead.TopKOutput)
        {
            fields.AllowOnly(ValuesFields);
            return new ValuesOutput(output, tolerance, rows, fields.Text("expected"), fields.OptionalText("where"));
        }

        fields.AllowOnly(TopKFields);
        int k = fields.OptionalInt("k") ?? throw fields.Error("k", "missing; expected an integer of at least 1");
        if (k < 1)
            throw fields.Error("k", $"{k} is not allowed; expected an integer of at least 1");
        return new TopKOutput(
            output, tolerance, rows, k, fields.Text("ids"), fields.Text("scores"), fields.OptionalText("similarity"), ReadExclusion(fields), fields.Ints("exclude_ids"));
    }

    private static RowPick ReadRows(CaseFields fields)
    {
        if (!fields.Has("rows"))
            return new RowPick.All();
        CaseFields rows = fields.Object("rows");
        rows.AllowOnly("first", "every", "tensor");
        if (rows.OptionalInt("first") is int first)
            return first >= 0 ? new RowPick.First(first) : throw rows.Error("first", "expected at least 0");
        if (rows.OptionalInt("every") is int every)
            return every >= 1 ? new RowPick.Every(every) : throw rows.Error("every", "expected at least 1");
        return new RowPick.Listed(rows.Text("tensor"));
    }

    private static CaseExclusion ReadExclusion(CaseFields fields)
    {
        if (!fields.Has("exclude"))
            return new CaseExclusion.None();
        if (!fields.IsText("exclude"))
            return new CaseExclusion.Lists(ReadRagged(fields.Object("exclude")));
        string source = fields.Text("exclude");
        return source == "train_edges" ? new CaseExclusion.TrainEdges() : new CaseExclusion.Input(source);
    }
}
