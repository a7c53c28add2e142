using System.Globalization;

namespace SeqInfer.Bench.Limits;

/// <summary>Sizes of a core's data caches in bytes.</summary>
internal sealed record CacheSizes(long L1, long L2, long L3)
{
    private const string Folder = "/sys/devices/system/cpu/cpu0/cache";

    private static readonly CacheSizes Usual = new(32 << 10, 1 << 20, 16 << 20);

    /// <summary>What Linux says; elsewhere the sizes of a usual server core.</summary>
    public static CacheSizes Read()
    {
        if (!Directory.Exists(Folder))
            return Usual;
        var levels = Directory.EnumerateDirectories(Folder, "index*")
            .Where(index => Text(index, "type") != "Instruction")
            .ToDictionary(index => int.Parse(Text(index, "level"), CultureInfo.InvariantCulture), index => Bytes(Text(index, "size")));
        return new CacheSizes(
            levels.GetValueOrDefault(1, Usual.L1), levels.GetValueOrDefault(2, Usual.L2), levels.GetValueOrDefault(3, Usual.L3));
    }

    private static string Text(string index, string file) => File.ReadAllText(Path.Combine(index, file)).Trim();

    private static long Bytes(string size)
    {
        long factor = size[^1] switch { 'K' => 1 << 10, 'M' => 1 << 20, _ => 1 };
        return factor * long.Parse(size.TrimEnd('K', 'M'), CultureInfo.InvariantCulture);
    }
}
