using System.Globalization;
using System.Text;
using System.Text.Json;
using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Compare.Reports;
using SeqInfer.Cli.Verification;

namespace SeqInfer.Bench.Families;

/// <summary>families.md and families.json: a row a family and reference.</summary>
internal static class FamilyReport
{
    /// <summary>Writes both files into a folder.</summary>
    public static void Write(string folder, MachineInfo machine, IReadOnlyList<FamilyGroup> groups)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "families.md"), Markdown(machine, groups));
        using FileStream stream = File.Create(Path.Combine(folder, "families.json"));
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            Json(json, machine, groups);
        stream.WriteByte((byte)'\n');
    }

    /// <summary>The page.</summary>
    public static string Markdown(MachineInfo machine, IReadOnlyList<FamilyGroup> groups)
    {
        var page = new StringBuilder();
        void Line(FormattableString text) => page.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

        Line($"# Families: cases, errors, times");
        Line($"");
        Line($"{machine.Cpu}, {machine.Cores} cores; {machine.Kernels}; {machine.Runtime}; {machine.System}. SeqInfer {machine.Commit}.");
        Line($"Error: the largest absolute difference from the cases' expected outputs, which the reference computed in float64; beside it the largest share of a case's tolerance, ten times what float32 loses in the reference. Time: median of a request on one thread to the largest case of the row, for one row of median size and for {FamilyTimer.ManyRows} rows.");
        Line($"");
        Line($"| family | reference | cases passed | max abs error | of tolerance | timed case | asked for | 1 row us | {FamilyTimer.ManyRows} rows us |");
        Line($"| --- | --- | --: | --: | --: | --- | --- | --: | --: |");
        foreach (FamilyGroup group in groups)
        {
            string detail = group.Time is null ? "" : $"{group.Time.Output}{(group.Time.Detail.Length > 0 ? $" ({group.Time.Detail})" : "")}";
            Line($"| {group.Family} | {group.Reference} | {group.Passed} of {group.Reports.Count} | {group.MaxAbsError:0.0e+00} | {group.WorstShare:P0} | {group.Time?.Case} | {detail} | {Text(group.Time?.One)} | {Text(group.Time?.Many)} |");
        }

        Line($"");
        Line($"{groups.Sum(group => group.Passed)} of {groups.Sum(group => group.Reports.Count)} cases passed.");
        foreach (CaseReport report in groups.SelectMany(group => group.Reports).Where(report => !report.Passed))
            Line($"- {report.Name}: {report.Error ?? report.Outputs.First(output => !output.Passed).Problem}");
        return page.ToString();
    }

    private static string Text(Timings? time) => time is null ? "" : Numbers.Microseconds(time.MedianMicroseconds);

    private static void Json(Utf8JsonWriter json, MachineInfo machine, IReadOnlyList<FamilyGroup> groups)
    {
        json.WriteStartObject();
        json.WriteString("cpu", machine.Cpu);
        json.WriteString("kernels", machine.Kernels);
        json.WriteString("runtime", machine.Runtime);
        json.WriteString("commit", machine.Commit);
        json.WriteStartArray("families");
        foreach (FamilyGroup group in groups)
            Json(json, group);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Json(Utf8JsonWriter json, FamilyGroup group)
    {
        json.WriteStartObject();
        json.WriteString("family", group.Family);
        json.WriteString("reference", group.Reference);
        json.WriteNumber("cases", group.Reports.Count);
        json.WriteNumber("passed", group.Passed);
        Numbers.WriteFinite(json, "max_abs_error", group.MaxAbsError);
        Numbers.WriteFinite(json, "share_of_tolerance", group.WorstShare);
        if (group.Time is { } time)
        {
            json.WriteString("timed_case", time.Case);
            json.WriteString("output", time.Output);
            json.WriteString("row", time.Detail);
            Numbers.WriteFinite(json, "one_row_us", time.One.MedianMicroseconds);
            if (time.Many is not null)
                Numbers.WriteFinite(json, $"rows_{FamilyTimer.ManyRows}_us", time.Many.MedianMicroseconds);
        }

        json.WriteEndObject();
    }
}
