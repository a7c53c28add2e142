using System.Text.Json.Nodes;

namespace SeqInfer.Tests.Contract;

/// <summary>Which fields of which family may be absent, as tests/reference/FAMILIES.md says.</summary>
internal static class Optional
{
    private const string Any = "*";

    // Fields that may be absent whatever the others say. Entries of lists are by the list's name.
    private static readonly Dictionary<string, string[]> Absent = new(StringComparer.Ordinal)
    {
        [Any] = ["tensor_names"],
        ["autorec"] = [],
        ["bert4rec"] = ["final_layer_norm", "scale_embedding", "zero_padding_rows"],
        ["catalogue"] = ["pad_id", "similarity"],
        ["dcn"] = ["first_order", "item_id_field"],
        ["dcnv2"] = ["first_order", "item_id_field"],
        ["deepfm"] = ["item_id_field"],
        ["dien"] = ["user_fields"],
        ["din"] = ["user_fields"],
        ["fm"] = ["item_id_field"],
        ["lr"] = ["item_id_field"],
        ["mult_vae"] = ["first_item_id"],
        ["mult_dae"] = ["first_item_id"],
        ["sasrec"] = ["layer_norm"],
        ["sequential"] = ["input"],
        ["two_tower"] = ["last_activation", "temperature"],
        ["widedeep"] = ["item_id_field"],
    };

    // Required by Hugging Face's arithmetic; all else in such a file may be absent.
    private static readonly string[] BertRequired =
    [
        "model_type", "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "hidden_act",
        "max_position_embeddings", "type_vocab_size", "layer_norm_eps",
    ];

    // Those among them that say something about inference when they are there.
    private static readonly string[] BertChecked = ["tie_word_embeddings", "position_embedding_type", "is_decoder", "add_cross_attention"];

    // Free text: names.
    private static readonly string[] Texts = ["model_type", "item_id_field", "name", "embedding_name", "architectures", "transformers_version", "torch_dtype"];

    /// <summary>True for a field that may be absent.</summary>
    public static bool Is(JsonObject config, string path, string field)
    {
        string family = Text(config, "model_type");
        if (path.Length > 0)
            return IsOptionalEntry(config, path, field);
        if (family == "bert")
            return !BertRequired.Contains(field);
        return Absent[Any].Contains(field) || (Absent.TryGetValue(family, out string[]? fields) && fields.Contains(field)) || IsIgnored(config, path, field)
            || IsOptionalHere(config, family, field);
    }

    /// <summary>True for a field that nothing depends on.</summary>
    public static bool IsIgnored(JsonObject config, string path, string field)
    {
        string family = Text(config, "model_type");
        return (family, path.Length == 0) switch
        {
            ("bert", _) => !BertRequired.Contains(field) && !BertChecked.Contains(field),
            ("neumf", true) => field == "mf_size"
                ? Text(config, "variant") == "mlp"
                : field is "mlp_embedding_size" or "mlp_hidden_sizes" && Text(config, "variant") == "gmf",
            ("gru4rec", true) => field == "embedding_size" && Text(config, "input") == "one_hot",
            ("dcn" or "dcnv2", true) => field == "first_order_multi_pooling" && config["first_order"]?.GetValue<bool>() != true,
            _ => IsIgnoredEntry(config, path, field),
        };
    }

    /// <summary>True for a field that holds a name of the model's own.</summary>
    public static bool IsText(string path, string field) => Texts.Contains(field) || path.StartsWith("outputs", StringComparison.Ordinal);

    // Without lists there is nothing to pool.
    private static bool HasLists(JsonObject config) =>
        config["fields"] is JsonArray fields && fields.Any(field => field!["kind"]!.GetValue<string>() == "multi");

    private static bool IsOptionalHere(JsonObject config, string family, string field) => (family, field) switch
    {
        ("bert4rec", "vocab_size") => Text(config, "naming") == "recbole",
        ("din" or "dien", "mlp_input") => Text(config, "naming") == "recbole",
        ("gru4rec", "max_length") => true,
        (_, "first_order_multi_pooling") => !HasLists(config),
        _ => false,
    };

    private static bool IsOptionalEntry(JsonObject config, string path, string field)
    {
        bool isRecBole = config["naming"] is { } naming && naming.GetValue<string>() == "recbole";
        string kind = Entry(config, path)["kind"]?.GetValue<string>() ?? "";
        return field switch
        {
            "size" => isRecBole && kind is "token" or "value",
            "index" or "embedding_name" or "alpha" => true,
            _ => IsIgnoredEntry(config, path, field),
        };
    }

    // An entry may have what another kind needs.
    private static bool IsIgnoredEntry(JsonObject config, string path, string field)
    {
        if (path.Length == 0 || Entry(config, path)["kind"] is not { } kind)
            return false;
        return kind.GetValue<string>() switch
        {
            "token" => field is "index" or "pooling" or "pad_id",
            "multi" => field is "index" or "table_offset",
            "value" => field is "pooling" or "pad_id",
            _ => field is "index" or "pooling" or "pad_id" or "table_offset",
        };
    }

    private static JsonObject Entry(JsonObject config, string path)
    {
        int bracket = path.IndexOf('[', StringComparison.Ordinal);
        int index = int.Parse(path[(bracket + 1)..path.IndexOf(']', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
        return config[path[..bracket]]![index]!.AsObject();
    }

    private static string Text(JsonObject config, string field) => config[field]?.GetValue<string>() ?? "";
}
