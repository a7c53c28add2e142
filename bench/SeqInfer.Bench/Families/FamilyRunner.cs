using SeqInfer.Bench.Compare;
using SeqInfer.Cli.Verification;
using SeqInfer.Models;

namespace SeqInfer.Bench.Families;

/// <summary>Verifies all cases, then times the largest case of each group.</summary>
internal static class FamilyRunner
{
    /// <param name="folders">Case folders.</param>
    /// <param name="device">Device string.</param>
    /// <param name="schedule">How long each group is timed; null: not at all.</param>
    /// <param name="progress">Called with what is being done.</param>
    public static IReadOnlyList<FamilyGroup> Run(IEnumerable<string> folders, string device, Schedule? schedule, Action<string> progress)
    {
        List<FamilyGroup> groups = [];
        foreach (IGrouping<(string Family, string Reference), string> cases in folders.GroupBy(KeyOf).OrderBy(group => group.Key.Family, StringComparer.Ordinal))
        {
            progress(cases.Key.Family);
            CaseReport[] reports = [.. cases.Select(folder => CaseRunner.Verify(folder, new VerifyOptions(device)))];
            FamilyTime? time = schedule is null ? null : FamilyTimer.Measure(cases.OrderByDescending(WeightBytes).First(), device, schedule);
            groups.Add(new FamilyGroup(cases.Key.Family, cases.Key.Reference, reports, time));
        }

        return groups;
    }

    private static (string Family, string Reference) KeyOf(string folder)
    {
        var config = ModelConfig.Load(Path.Combine(folder, "config.json"));
        string family = config.Text("model_type");
        string reference = FamilyReferences.Of(family, config.OptionalText("naming") ?? "");
        return (config.OptionalText("cell") is { } cell ? $"{family} ({cell})" : family, reference);
    }

    private static long WeightBytes(string folder) =>
        Directory.EnumerateFiles(folder, "model*.safetensors").Sum(file => new FileInfo(file).Length);
}
