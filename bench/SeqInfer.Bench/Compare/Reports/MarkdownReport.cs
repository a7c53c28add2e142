using System.Globalization;
using System.Text;
using SeqInfer.Bench.Limits;

namespace SeqInfer.Bench.Compare.Reports;

/// <summary>compare.md: the table, the machine, what was left out.</summary>
internal static class MarkdownReport
{
    /// <summary>Writes the file into a folder.</summary>
    public static void Write(string folder, Comparison comparison) => File.WriteAllText(Path.Combine(folder, "compare.md"), Text(comparison));

    /// <summary>The page.</summary>
    public static string Text(Comparison comparison)
    {
        var page = new StringBuilder();
        void Line(FormattableString text) => page.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

        MachineInfo machine = comparison.Machine;
        Line($"# SeqInfer and ONNX Runtime side by side");
        Line($"");
        Line($"{machine.Cpu}, {machine.Cores} cores; {machine.Kernels}; {machine.Runtime}; {machine.System}.");
        Line($"ONNX Runtime {machine.OnnxRuntime}, CPU provider, all optimisations, I/O binding. SeqInfer {machine.Commit}.");
        foreach (MachineLimits limits in comparison.Limits)
        {
            Line($"Limits measured in this run with {limits.Threads} thread(s): {limits.FlopsPerSecond / 1e9:F0} GFLOP/s fp32; reads L1 {limits.L1 / 1e9:F0}, L2 {limits.L2 / 1e9:F0}, L3 {limits.L3 / 1e9:F0}, memory {limits.Memory / 1e9:F0} GB/s.");
        }

        Line($"");
        Line($"| cell | batch | threads | weights | ORT us | SeqInfer us | ratio | ORT p99 | SeqInfer p99 | rate | % of limit | max diff |");
        Line($"| --- | --: | --: | --- | --: | --: | --: | --: | --: | --: | --: | --: |");
        foreach (CellResult result in comparison.Results)
        {
            Line($"| {result.Cell} | {result.Batch} | {result.Threads} | {result.Weights} | {Numbers.Microseconds(result.Ort.MedianMicroseconds)} | {Numbers.Microseconds(result.Ours.MedianMicroseconds)} | {result.Ratio:F2} | {Numbers.Microseconds(result.Ort.TailMicroseconds)} | {Numbers.Microseconds(result.Ours.TailMicroseconds)} | {result.Rate} | {result.PercentOfLimit:F0} | {result.MaxAbsDiff:G2} |");
        }

        Line($"");
        if (!double.IsNaN(comparison.GeometricMean))
            Line($"Geometric mean of the like-for-like cells: {comparison.GeometricMean:F2}.");
        if (comparison.LeftOut.Count > 0)
        {
            Line($"");
            Line($"Left out:");
            foreach (MissingCell missing in comparison.LeftOut)
                Line($"- `{missing.Name}`: {missing.Reason}");
        }

        return page.ToString();
    }
}
