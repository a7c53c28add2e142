using System.Text.Json;

namespace SeqInfer.Bench.Compare.Results;

/// <summary>Which line of a comparison.</summary>
internal readonly record struct ResultKey(string Cell, int Batch, int Threads, string Weights)
{
    public override string ToString() => $"{Cell} B={Batch} threads={Threads} {Weights}";
}

/// <summary>One line of an earlier comparison: medians, and how much they moved from turn to turn.</summary>
/// <param name="OrtMicroseconds">Median of ONNX Runtime.</param>
/// <param name="OursMicroseconds">Median of SeqInfer.</param>
/// <param name="Noise">Relative noise of the ratio.</param>
internal sealed record ResultLine(double OrtMicroseconds, double OursMicroseconds, double Noise)
{
    public double Ratio => OrtMicroseconds / OursMicroseconds;
}

/// <summary>A file or line that is not what compare writes.</summary>
internal sealed class ResultFileException(string message) : Exception(message);

/// <summary>Reads compare.json, and rounds.json beside it.</summary>
internal static class ResultFile
{
    // Without the turns of a run, its noise is not known; two quiet runs on one machine differ by less.
    private const double UnknownNoise = 0.05;

    /// <summary>Reads a result.</summary>
    /// <param name="path">compare.json, or the folder that holds it.</param>
    public static IReadOnlyDictionary<ResultKey, ResultLine> Read(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, "compare.json") : path;
        Dictionary<ResultKey, double> noise = ReadNoise(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "rounds.json"));
        return ReadCells(file, (key, cell) => new ResultLine(
            cell.GetProperty("ort_us").GetDouble(), cell.GetProperty("ours_us").GetDouble(), noise.GetValueOrDefault(key, UnknownNoise)));
    }

    /// <summary>
    /// How far the ratio may be off, relative to it: for each side the distance of the quartiles of its turns over the root of their
    /// number; the sides are independent.
    /// </summary>
    public static double NoiseOf(IReadOnlyList<double> ort, IReadOnlyList<double> ours) =>
        Math.Sqrt(Math.Pow(NoiseOf(ort), 2) + Math.Pow(NoiseOf(ours), 2));

    private static double NoiseOf(IReadOnlyList<double> rounds)
    {
        double[] sorted = [.. rounds.Order()];
        double spread = Timings.Quantile(sorted, 0.75) - Timings.Quantile(sorted, 0.25);
        return spread / Math.Sqrt(sorted.Length) / Timings.Quantile(sorted, 0.5);
    }

    private static Dictionary<ResultKey, double> ReadNoise(string file) => File.Exists(file)
        ? ReadCells(file, (_, cell) => NoiseOf(Numbers(cell.GetProperty("ort_us")), Numbers(cell.GetProperty("ours_us"))))
        : [];

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];

    private static Dictionary<ResultKey, T> ReadCells<T>(string file, Func<ResultKey, JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var lines = new Dictionary<ResultKey, T>();
            foreach (JsonElement cell in document.RootElement.GetProperty("cells").EnumerateArray())
            {
                var key = new ResultKey(
                    cell.GetProperty("cell").GetString()!,
                    cell.GetProperty("batch").GetInt32(),
                    cell.GetProperty("threads").GetInt32(),
                    cell.GetProperty("weights").GetString()!);
                lines.Add(key, read(key, cell));
            }

            return lines;
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new ResultFileException($"{file}: {e.Message}");
        }
    }
}
