using System.Text.Json;
using SeqInfer.Bench.Limits;

namespace SeqInfer.Bench.Compare.Reports;

/// <summary>
/// compare.json: the published numbers. rounds.json beside it: the median of every turn, from which the noise of a result is known.
/// </summary>
internal static class JsonReport
{
    private static readonly JsonWriterOptions Options = new() { Indented = true };

    /// <summary>Writes both files into a folder.</summary>
    public static void Write(string folder, Comparison comparison)
    {
        Write(Path.Combine(folder, "compare.json"), json => WriteCells(json, comparison));
        Write(Path.Combine(folder, "rounds.json"), json => WriteRounds(json, comparison));
    }

    private static void Write(string path, Action<Utf8JsonWriter> write)
    {
        using FileStream stream = File.Create(path);
        using (var json = new Utf8JsonWriter(stream, Options))
            write(json);
        stream.WriteByte((byte)'\n');
    }

    private static void WriteCells(Utf8JsonWriter json, Comparison comparison)
    {
        json.WriteStartObject();
        json.WritePropertyName("machine");
        WriteMachine(json, comparison);
        json.WriteStartArray("cells");
        foreach (CellResult result in comparison.Results)
        {
            json.WriteStartObject();
            WriteKey(json, result);
            Number(json, "ort_us", result.Ort.MedianMicroseconds);
            Number(json, "ours_us", result.Ours.MedianMicroseconds);
            Number(json, "ratio", result.Ratio);
            Number(json, "ort_p99_us", result.Ort.TailMicroseconds);
            Number(json, "ours_p99_us", result.Ours.TailMicroseconds);
            Number(json, "percent_of_limit", result.PercentOfLimit);
            json.WriteNumber("max_abs_diff", result.MaxAbsDiff);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMachine(Utf8JsonWriter json, Comparison comparison)
    {
        json.WriteStartObject();
        comparison.Machine.Write(json);
        json.WriteStartArray("limits");
        foreach (MachineLimits limits in comparison.Limits)
        {
            json.WriteStartObject();
            json.WriteNumber("threads", limits.Threads);
            Number(json, "fma_gflops", limits.FlopsPerSecond / 1e9);
            Number(json, "int8_gops", limits.IntegerOperationsPerSecond / 1e9);
            Number(json, "l1_gbs", limits.L1 / 1e9);
            Number(json, "l2_gbs", limits.L2 / 1e9);
            Number(json, "l3_gbs", limits.L3 / 1e9);
            Number(json, "memory_gbs", limits.Memory / 1e9);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRounds(Utf8JsonWriter json, Comparison comparison)
    {
        json.WriteStartObject();
        json.WriteStartArray("cells");
        foreach (CellResult result in comparison.Results)
        {
            json.WriteStartObject();
            WriteKey(json, result);
            json.WriteString("ort_form", result.OrtForm);
            WriteNumbers(json, "ort_us", result.Ort.RoundMedians);
            WriteNumbers(json, "ours_us", result.Ours.RoundMedians);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteKey(Utf8JsonWriter json, CellResult result)
    {
        json.WriteString("cell", result.Cell);
        json.WriteNumber("batch", result.Batch);
        json.WriteNumber("threads", result.Threads);
        json.WriteString("weights", result.Weights);
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
            json.WriteNumberValue(Math.Round(value, 4));
        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, string name, double value) => json.WriteNumber(name, Math.Round(value, 4));
}
