using SeqInfer.Cli.Verification;

namespace SeqInfer.Bench.Gpu.Checks;

/// <summary>Cases against the outputs that their reference computed in float64.</summary>
internal static class CaseChecks
{
    /// <summary>The repository's golden cases, from wherever this program lies; empty where there are none.</summary>
    public static IReadOnlyList<string> Golden() => BenchFolder.Above("tests", "reference", "cases") is { } folder ? Below(folder) : [];

    /// <summary>The folder itself where it is a case, or the cases in it.</summary>
    public static IReadOnlyList<string> Below(string folder) => CaseReader.IsCase(folder)
        ? [folder]
        : [.. Directory.EnumerateDirectories(folder).Where(CaseReader.IsCase).Order(StringComparer.Ordinal)];

    /// <summary>Verifies one case on a device.</summary>
    public static CheckResult Run(string folder, string device)
    {
        CaseReport report = CaseRunner.Verify(folder, new VerifyOptions(device));
        double share = report.Outputs.Select(output => output.MaxAbsError / output.Tolerance).DefaultIfEmpty(double.NaN).Max();
        string? problem = report.Error ?? report.Outputs.FirstOrDefault(output => !output.Passed)?.Problem;
        return new CheckResult(GpuOptions.Cases, device, report.Name, share, problem);
    }
}
