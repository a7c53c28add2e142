using System.Globalization;
using Spectre.Console;

namespace SeqInfer.Bench.Compare.Reports;

/// <summary>What agreed and what did not, where nothing was timed.</summary>
internal static class VerificationReport
{
    /// <summary>Prints it; true where all agreed.</summary>
    public static bool Write(IAnsiConsole console, Comparison comparison)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("cell", "batch", "threads", "weights", "max diff", "ORT forms");
        foreach (CellResult result in comparison.Results)
        {
            table.AddRow(
                result.Cell,
                result.Batch.ToString(CultureInfo.InvariantCulture),
                result.Threads.ToString(CultureInfo.InvariantCulture),
                result.Weights,
                result.MaxAbsDiff.ToString("G2", CultureInfo.InvariantCulture),
                result.OrtForm);
        }

        console.Write(table);
        foreach (MissingCell missing in comparison.LeftOut)
            console.MarkupLineInterpolated($"[yellow]left out[/] {missing.Name}: {missing.Reason}");
        foreach (MissingCell failure in comparison.Failures)
            console.MarkupLineInterpolated($"[red]failed[/] {failure.Name}: {failure.Reason}");
        console.MarkupLineInterpolated($"{comparison.Results.Count} agree, {comparison.Failures.Count} failed");
        return comparison.Failures.Count == 0;
    }
}
