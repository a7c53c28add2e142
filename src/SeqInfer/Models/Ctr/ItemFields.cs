using SeqInfer.Inputs;

namespace SeqInfer.Models.Ctr;

/// <summary>Which field is the item's id, and which of the others are the item's too.</summary>
internal static class ItemFields
{
    /// <summary>The field of a list of item fields that no feature gives.</summary>
    /// <exception cref="ModelConfigException">There is not exactly one, or it is no token field.</exception>
    public static Field FindId(ModelConfig config, string list, IReadOnlyList<Field> fields)
    {
        Field[] left = [.. fields.Where(field => !IsGiven(config, field))];
        if (left.Length == 1 && left[0].Kind == FieldKind.Token)
            return left[0];
        string names = left.Length == 0 ? "none" : string.Join(", ", left.Select(field => $"\"{field.Name}\""));
        throw config.Error(
            list, $"{names} left without item features; expected exactly one token field, the item id. The others have to be given when the model is loaded (LoadOptions.Data), as \"{ItemFeatures.Prefix}NAME\"");
    }

    /// <summary>True where the features of all items hold the field.</summary>
    public static bool IsGiven(ModelConfig config, Field field) => config.Data.Contains(ItemFeatures.Prefix + field.Name);

    /// <summary>A signature whose inputs have distinct names.</summary>
    /// <exception cref="ModelConfigException">A field has the name of another input.</exception>
    public static ModelSignature Sign(ModelConfig config, string list, IEnumerable<InputSpec> inputs, IEnumerable<OutputSpec> outputs)
    {
        InputSpec[] all = [.. inputs];
        string? twice = all.GroupBy(input => input.Name).FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice is null
            ? new ModelSignature(all, outputs)
            : throw config.Error(list, $"\"{twice}\" is the name of another input of the model");
    }
}
