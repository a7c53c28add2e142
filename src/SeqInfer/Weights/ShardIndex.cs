using System.Text.Json;

namespace SeqInfer.Weights;

/// <summary>The weight map of a sharded checkpoint: tensor name to the file, beside the index, that holds it.</summary>
internal static class ShardIndex
{
    private const string WeightMap = "weight_map";

    /// <summary>Reads the map. Everything else in the index, total_size included, is ignored.</summary>
    /// <returns>Tensor names in the order of the index, each with the full path of its shard.</returns>
    /// <exception cref="WeightFilesException">
    /// The index cannot be read, has no weight map, names a tensor twice, or names a path outside its own folder.
    /// </exception>
    public static List<(string Tensor, string ShardPath)> Read(string path)
    {
        using JsonDocument document = Parse(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty(WeightMap, out JsonElement map) || map.ValueKind != JsonValueKind.Object)
        {
            throw new WeightFilesException(path, null, $"expected a JSON object with an object \"{WeightMap}\"");
        }

        List<(string, string)> shards = [];
        Dictionary<string, string> seen = new(StringComparer.Ordinal);
        foreach (JsonProperty entry in map.EnumerateObject())
        {
            string tensor = Text(path, () => entry.Name);
            if (entry.Value.ValueKind != JsonValueKind.String)
                throw new WeightFilesException(path, tensor, $"expected the name of a shard, found {entry.Value.ValueKind}");
            string shard = Text(path, () => entry.Value.GetString()!);
            if (!seen.TryAdd(tensor, shard))
                throw new WeightFilesException(path, tensor, $"is mapped twice, to \"{seen[tensor]}\" and to \"{shard}\"");
            shards.Add((tensor, Resolve(path, folder, tensor, shard)));
        }

        return shards;
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new WeightFilesException(path, null, $"cannot read the index of shards: {error.Message}", error);
        }
    }

    private static string Resolve(string path, string folder, string tensor, string shard)
    {
        bool isPlain = shard.Length > 0 && !shard.Contains('\0') && !shard.Contains('\\') && !Path.IsPathRooted(shard);
        string full = isPlain ? Path.GetFullPath(Path.Combine(folder, shard)) : "";
        string inside = Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar;
        return full.StartsWith(inside, StringComparison.Ordinal)
            ? full
            : throw new WeightFilesException(path, tensor, $"shard \"{shard}\" is not a file inside the folder of the index");
    }

    private static string Text(string path, Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException error)
        {
            throw new WeightFilesException(path, null, $"\"{WeightMap}\" holds a string with an unpaired surrogate", error);
        }
    }
}
