using System.Diagnostics.CodeAnalysis;

namespace SeqInfer.Weights;

/// <summary>The weights of a model, in one file or in shards, under one set of names. All files are memory-mapped.</summary>
/// <remarks>Thread-safe. After disposal reading a tensor throws <see cref="ObjectDisposedException"/>.</remarks>
public sealed class WeightFiles : IDisposable
{
    /// <summary>Name of the weights file in a model directory.</summary>
    public const string FileName = "model.safetensors";

    /// <summary>Name of the index of shards in a model directory.</summary>
    public const string IndexFileName = FileName + ".index.json";

    private readonly Dictionary<string, TensorInfo> _byName;

    private WeightFiles(string path, IReadOnlyList<SafetensorsFile> files, IReadOnlyList<TensorInfo> tensors)
    {
        Path = path;
        Files = files;
        Tensors = tensors;
        _byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>The path it was opened by: a directory, an index or a file.</summary>
    public string Path { get; }

    /// <summary>The open files.</summary>
    public IReadOnlyList<SafetensorsFile> Files { get; }

    /// <summary>All tensors: of one file in the order of their data, of shards in the order of the index.</summary>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>
    /// Opens a safetensors file, an index of shards (<c>*.index.json</c>), or a directory with <see cref="FileName"/> or, failing that,
    /// <see cref="IndexFileName"/>.
    /// </summary>
    /// <remarks>
    /// Of an index the weight map is trusted and nothing else is read; a tensor that it does not name is not part of the weights.
    /// </remarks>
    /// <exception cref="SafetensorsFormatException">A file cannot be read or breaks the format.</exception>
    /// <exception cref="WeightFilesException">
    /// There are no weights, or index and shards disagree: a shard is missing or outside the folder, a tensor is not in its shard, or also
    /// in another one.
    /// </exception>
    public static WeightFiles Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string file = Directory.Exists(path) ? FindIn(path) : path;
        if (file.EndsWith(".index.json", StringComparison.Ordinal)) return OpenShards(path, file);
        List<SafetensorsFile> files = new(1);
        files.Add(SafetensorsFile.Open(file));
        return new WeightFiles(path, files, files[0].Tensors);
    }

    /// <summary>Looks a tensor up by name.</summary>
    public bool TryGetTensor(string name, [NotNullWhen(true)] out TensorInfo? tensor) => _byName.TryGetValue(name, out tensor);

    /// <summary>Unmaps the files, once the parameters that are read in place let go of them.</summary>
    public void Dispose()
    {
        foreach (SafetensorsFile file in Files) file.Dispose();
    }

    private static string FindIn(string directory)
    {
        string single = System.IO.Path.Combine(directory, FileName);
        if (File.Exists(single)) return single;
        string index = System.IO.Path.Combine(directory, IndexFileName);
        return File.Exists(index)
            ? index
            : throw new WeightFilesException(directory, null, $"the directory has neither {FileName} nor {IndexFileName}");
    }

    private static WeightFiles OpenShards(string path, string index)
    {
        List<(string Tensor, string ShardPath)> map = ShardIndex.Read(index);
        Dictionary<string, SafetensorsFile> shards = new(StringComparer.Ordinal);
        try
        {
            List<TensorInfo> tensors = new(map.Count);
            foreach ((string name, string shardPath) in map)
            {
                if (!shards.TryGetValue(shardPath, out SafetensorsFile? shard))
                {
                    if (!File.Exists(shardPath)) throw new WeightFilesException(index, name, $"shard {shardPath} does not exist");
                    shard = SafetensorsFile.Open(shardPath);
                    shards.Add(shardPath, shard);
                }

                tensors.Add(shard.TryGetTensor(name, out TensorInfo? tensor)
                    ? tensor
                    : throw new WeightFilesException(index, name, $"is not in shard {shardPath}, to which the index maps it"));
            }

            CheckUnique(index, tensors, shards.Values);
            return new WeightFiles(path, [.. shards.Values], tensors);
        }
        catch
        {
            foreach (SafetensorsFile shard in shards.Values) shard.Dispose();
            throw;
        }
    }

    private static void CheckUnique(string index, List<TensorInfo> tensors, IEnumerable<SafetensorsFile> shards)
    {
        Dictionary<string, TensorInfo> mapped = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (TensorInfo candidate in shards.SelectMany(shard => shard.Tensors))
        {
            if (mapped.TryGetValue(candidate.Name, out TensorInfo? tensor) && tensor != candidate)
                throw new WeightFilesException(index, tensor.Name, $"is in two shards, {tensor.File} and {candidate.File}");
        }
    }
}
