using System.Globalization;
using Spectre.Console;

namespace SeqInfer.Bench.Compare.Reports;

/// <summary>The table on the console.</summary>
internal static class ConsoleReport
{
    private static readonly string[] Headers = ["cell", "batch", "threads", "weights", "ORT us", "ours us", "ratio", "ORT p99", "ours p99", "rate", "% limit", "max diff", "ORT form"];

    /// <summary>Prints the table, the mean and what was left out.</summary>
    public static void Write(IAnsiConsole console, Comparison comparison)
    {
        var table = new Table().Border(TableBorder.Simple);
        for (int i = 0; i < Headers.Length; i++)
        {
            var column = new TableColumn(Headers[i]) { NoWrap = true };
            table.AddColumn(i is 0 or 3 or 12 ? column : column.RightAligned());
        }

        foreach (CellResult result in comparison.Results)
        {
            string colour = result.Ratio >= 1 ? "green" : "red";
            table.AddRow(
                result.Cell,
                Text($"{result.Batch}"),
                Text($"{result.Threads}"),
                result.Weights,
                Numbers.Microseconds(result.Ort.MedianMicroseconds),
                Numbers.Microseconds(result.Ours.MedianMicroseconds),
                Text($"[{colour}]{result.Ratio:F2}[/]"),
                Numbers.Microseconds(result.Ort.TailMicroseconds),
                Numbers.Microseconds(result.Ours.TailMicroseconds),
                result.Rate,
                Text($"{result.PercentOfLimit:F0}"),
                Text($"{result.MaxAbsDiff:G2}"),
                result.OrtForm);
        }

        console.Write(table);
        foreach (int threads in comparison.Threads.Where(threads => !double.IsNaN(comparison.GeometricMean(threads))))
            console.MarkupLine(Text($"Geometric mean of the like-for-like fp32 cells, {threads} thread(s): [bold]{comparison.GeometricMean(threads):F2}[/]"));
        foreach (MissingCell failure in comparison.Failures)
            console.MarkupLineInterpolated($"[red]failed[/] {failure.Name}: {failure.Reason}");
        foreach (MissingCell missing in comparison.LeftOut)
            console.MarkupLineInterpolated($"[yellow]left out[/] {missing.Name}: {missing.Reason}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
