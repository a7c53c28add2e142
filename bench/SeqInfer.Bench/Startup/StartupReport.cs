using System.Globalization;
using System.Text;
using System.Text.Json;
using SeqInfer.Bench.Compare;

namespace SeqInfer.Bench.Startup;

/// <summary>startup.json and startup.md.</summary>
internal static class StartupReport
{
    private static readonly JsonWriterOptions Options = new() { Indented = true };

    /// <summary>Writes both files into a folder.</summary>
    public static void Write(string folder, MachineInfo machine, IReadOnlyList<StartupResult> results)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "startup.md"), Markdown(machine, results));
        using FileStream stream = File.Create(Path.Combine(folder, "startup.json"));
        using (var json = new Utf8JsonWriter(stream, Options))
            WriteJson(json, machine, results);
        stream.WriteByte((byte)'\n');
    }

    /// <summary>The page.</summary>
    public static string Markdown(MachineInfo machine, IReadOnlyList<StartupResult> results)
    {
        var page = new StringBuilder();
        void Line(FormattableString text) => page.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"# A process that serves one model");
        Line($"");
        Line($"{machine.Cpu}, {machine.Cores} cores; {machine.Kernels}; {machine.Runtime}; {machine.System}. ONNX Runtime {machine.OnnxRuntime}, SeqInfer {machine.Commit}.");
        Line($"Both sides are hosted by the same .NET program, one request at a time on one thread, fp32 weights; files are in the page cache. Medians.");
        Line($"Loading runs from the first call to the first result; start from the start of the process. Memory after 20 more requests; its anonymous part is what no file backs.");
        Line($"");
        Line($"| model | weights MB | code | load ms, ORT | SeqInfer | start ms, ORT | SeqInfer | resident MB, ORT | SeqInfer | anonymous MB, ORT | SeqInfer |");
        Line($"| --- | --: | --- | --: | --: | --: | --: | --: | --: | --: | --: |");
        foreach (StartupResult result in results)
        {
            (StartupTimes ort, StartupTimes ours) = (result.Ort, result.Ours);
            Line($"| {result.Model} | {Mega(result.WeightBytes)} | {result.Code} | {Milli(ort.LoadMicroseconds)} | {Milli(ours.LoadMicroseconds)} | {Milli(ort.ProcessMicroseconds)} | {Milli(ours.ProcessMicroseconds)} | {Mega(ort.ResidentBytes)} | {Mega(ours.ResidentBytes)} | {Mega(ort.AnonymousBytes)} | {Mega(ours.AnonymousBytes)} |");
        }

        return page.ToString();
    }

    private static void WriteJson(Utf8JsonWriter json, MachineInfo machine, IReadOnlyList<StartupResult> results)
    {
        json.WriteStartObject();
        json.WriteStartObject("machine");
        machine.Write(json);
        json.WriteEndObject();
        json.WriteStartArray("models");
        foreach (StartupResult result in results)
        {
            json.WriteStartObject();
            json.WriteString("model", result.Model);
            json.WriteNumber("weight_bytes", result.WeightBytes);
            json.WriteString("code", result.Code);
            WriteSide(json, "ort", result.Ort);
            WriteSide(json, "ours", result.Ours);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSide(Utf8JsonWriter json, string side, StartupTimes times)
    {
        json.WriteNumber($"{side}_load_us", Math.Round(times.LoadMicroseconds));
        json.WriteNumber($"{side}_start_us", Math.Round(times.ProcessMicroseconds));
        json.WriteNumber($"{side}_resident_bytes", times.ResidentBytes);
        json.WriteNumber($"{side}_anonymous_bytes", times.AnonymousBytes);
    }

    private static string Mega(double bytes) => (bytes / 1e6).ToString("F1", CultureInfo.InvariantCulture);

    private static string Milli(double microseconds) => (microseconds / 1e3).ToString("F1", CultureInfo.InvariantCulture);
}
