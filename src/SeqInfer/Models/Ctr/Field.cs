using SeqInfer.Devices;

namespace SeqInfer.Models.Ctr;

/// <summary>What the value of a field is, and how it becomes a vector.</summary>
internal enum FieldKind
{
    /// <summary>An id: a row of a table.</summary>
    Token,

    /// <summary>A list of ids: their rows, pooled.</summary>
    Multi,

    /// <summary>A number: the number times a row of a table.</summary>
    Value,

    /// <summary>Numbers that are their own vector.</summary>
    Dense,
}

/// <summary>One field of a ranker's configuration.</summary>
internal sealed record Field
{
    private static readonly string[] Options = ["size", "table_offset", "index", "pooling", "pad_id", "embedding_name"];

    public required string Name { get; init; }

    public required FieldKind Kind { get; init; }

    /// <summary>Ids, or numbers of a dense field; 0 where the table's size tells.</summary>
    public int Size { get; init; }

    /// <summary>The first row of the field in the table it shares.</summary>
    public int TableOffset { get; init; }

    /// <summary>Of a value: its row, counted from the offset.</summary>
    public int Index { get; init; }

    public PoolKind Pooling { get; init; }

    /// <summary>The id of a list that does not count; -1: all do.</summary>
    public int PadId { get; init; }

    /// <summary>The table, where tables have names.</summary>
    public required string EmbeddingName { get; init; }

    /// <summary>True where the field has a vector of embedding_size.</summary>
    public bool IsEmbedded => Kind != FieldKind.Dense;

    /// <summary>The words for pooling.</summary>
    public static ReadOnlySpan<(string Word, PoolKind Value)> Poolings => new (string, PoolKind)[]
    {
        ("mean", PoolKind.Mean), ("sum", PoolKind.Sum), ("max", PoolKind.Max),
    };

    /// <summary>Reads a list of fields.</summary>
    /// <exception cref="ModelConfigException">A field is wrong, or two have one name.</exception>
    public static IReadOnlyList<Field> ReadList(ModelConfig config, string list, CtrNaming naming)
    {
        List<Field> fields = [.. config.Objects(list).Select(entry => Read(entry, naming))];
        string? twice = fields.GroupBy(field => field.Name).FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice is null ? fields : throw config.Error(list, $"names \"{twice}\" twice");
    }

    private static Field Read(ModelConfig entry, CtrNaming naming)
    {
        bool isRecBole = naming == CtrNaming.RecBole;
        string name = entry.Text("name");
        FieldKind kind = isRecBole
            ? entry.Choice("kind", ("token", FieldKind.Token), ("multi", FieldKind.Multi), ("value", FieldKind.Value), ("dense", FieldKind.Dense))
            : entry.Choice("kind", ("token", FieldKind.Token), ("multi", FieldKind.Multi), ("dense", FieldKind.Dense));
        bool isShared = isRecBole && kind is FieldKind.Token or FieldKind.Value;
        var field = new Field
        {
            Name = name,
            Kind = kind,
            Size = isShared ? entry.OptionalInt("size", 0) : entry.Int("size"),
            TableOffset = isShared ? entry.Int("table_offset", min: 0) : 0,
            Index = kind == FieldKind.Value ? entry.OptionalInt("index", 1, min: 0) : 0,
            Pooling = kind == FieldKind.Multi ? entry.Choice("pooling", Poolings) : PoolKind.Sum,
            PadId = kind == FieldKind.Multi ? entry.Int("pad_id", min: -1) : -1,
            EmbeddingName = isRecBole ? name : entry.OptionalText("embedding_name") ?? name,
        };
        if (field.PadId >= field.Size && kind == FieldKind.Multi)
            throw entry.Error("pad_id", $"{field.PadId} is not one of the {field.Size} ids; expected -1 .. {field.Size - 1}");
        if (kind == FieldKind.Value && field.Size > 0 && field.Index >= field.Size)
            throw entry.Error("index", $"{field.Index} is not one of the {field.Size} rows");

        // An entry may have what another kind needs.
        entry.Ignore(Options);
        return field;
    }
}
