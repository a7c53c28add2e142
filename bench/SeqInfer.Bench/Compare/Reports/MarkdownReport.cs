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
        Line($"ratio = ORT us / SeqInfer us; ONNX Runtime has fp32 weights in every row. p99 of `threads` is p99.9, and its time that between two finished requests.");
        foreach (int threads in comparison.Threads.Where(threads => !double.IsNaN(comparison.GeometricMean(threads))))
            Line($"Geometric mean of the like-for-like fp32 cells, {threads} thread(s): {comparison.GeometricMean(threads):F2}.");
        if (comparison.Scaling.Any())
        {
            Line($"");
            Line($"| cell | batch | weights | threads | 1 thread us | all threads us | times faster | ORT times faster |");
            Line($"| --- | --: | --- | --: | --: | --: | --: | --: |");
            foreach ((CellResult one, CellResult many) in comparison.Scaling)
                Line($"| {one.Cell} | {one.Batch} | {one.Weights} | {many.Threads} | {Numbers.Microseconds(one.Ours.MedianMicroseconds)} | {Numbers.Microseconds(many.Ours.MedianMicroseconds)} | {one.Ours.MedianMicroseconds / many.Ours.MedianMicroseconds:F2} | {one.Ort.MedianMicroseconds / many.Ort.MedianMicroseconds:F2} |");
        }

        if (comparison.Failures.Count > 0)
        {
            Line($"");
            Line($"Failed:");
            foreach (MissingCell failure in comparison.Failures)
                Line($"- `{failure.Name}`: {failure.Reason}");
        }

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
