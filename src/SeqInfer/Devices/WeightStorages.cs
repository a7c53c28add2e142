namespace SeqInfer.Devices;

/// <summary>The names of weight storages.</summary>
public static class WeightStorages
{
    private static readonly (string Name, WeightStorage Storage)[] All =
    [
        ("fp32", WeightStorage.Float32),
        ("bf16", WeightStorage.BFloat16),
        ("int8", WeightStorage.Int8),
    ];

    /// <summary>All names: fp32, bf16, int8.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(entry => entry.Name)];

    /// <summary>The storage of a name, in any case.</summary>
    /// <exception cref="ArgumentException">There is no such storage; the message lists those there are.</exception>
    public static WeightStorage Parse(string name)
    {
        foreach ((string known, WeightStorage storage) in All)
        {
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase))
                return storage;
        }

        throw new ArgumentException($"'{name}' is not a weight storage; there are: {string.Join(", ", Names)}", nameof(name));
    }

    /// <summary>The name of a storage.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a storage.</exception>
    public static string NameOf(WeightStorage storage)
    {
        foreach ((string name, WeightStorage known) in All)
        {
            if (known == storage)
                return name;
        }

        throw new ArgumentOutOfRangeException(nameof(storage), storage, "Not a weight storage.");
    }
}
