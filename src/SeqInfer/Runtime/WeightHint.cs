using SeqInfer.Models;

namespace SeqInfer.Runtime;

/// <summary>Finds the field of a configuration that makes tensors match which do not: a wrong variant is the usual reason.</summary>
internal static class WeightHint
{
    private const string Naming = "naming";

    /// <summary>Tries every other value of every field that has a few, one field at a time.</summary>
    /// <param name="config">What does not match; it has been read.</param>
    /// <param name="build">Throws where a configuration does not match either.</param>
    /// <returns>What to set; null where nothing is known.</returns>
    public static string? Find(ModelConfig config, Action<ModelConfig> build)
    {
        List<string> found = [];
        foreach ((string field, string[] values) in config.KnownChoices.OrderBy(choice => choice.Key, StringComparer.Ordinal))
        {
            foreach (string value in values.Where(value => value != config.RawText(field)))
            {
                if (Matches(config.With(new Dictionary<string, string> { [field] = value }), build))
                    found.Add($"\"{field}\": {value}");
            }
        }

        if (found.Count > 0)
            return $"They match with {string.Join(", or with ", found)} in {config.File}.";
        return config.KnownChoices.TryGetValue(Naming, out string[]? namings) && namings.Length > 1
            ? $"They may have other names than those of \"{Naming}\": {config.RawText(Naming)} in {config.File}; there are {string.Join(", ", namings)}."
            : null;
    }

    private static bool Matches(ModelConfig config, Action<ModelConfig> build)
    {
        try
        {
            build(config);
            return true;
        }
        catch (SeqInferException)
        {
            return false;
        }
    }
}
