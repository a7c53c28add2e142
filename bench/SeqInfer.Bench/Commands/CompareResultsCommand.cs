using System.CommandLine;
using System.Globalization;
using SeqInfer.Bench.Compare.Reports;
using SeqInfer.Bench.Compare.Results;
using Spectre.Console;

namespace SeqInfer.Bench.Commands;

/// <summary>compare-results: what moved between two results of compare.</summary>
internal static class CompareResultsCommand
{
    private const int SomethingIsSlower = 1;
    private const int NotReadable = 2;

    public static Command Create()
    {
        var older = new Argument<string>("older") { Description = "compare.json, or its folder" };
        var newer = new Argument<string>("newer") { Description = "compare.json, or its folder" };
        Option<bool> all = new("--all") { Description = "Print every line, not only those that moved" };
        var command = new Command("compare-results", "Flag the lines that moved by more than their noise; exit code 1 where one is slower") { older, newer, all };
        command.SetAction(arguments => Run(arguments.GetValue(older)!, arguments.GetValue(newer)!, arguments.GetValue(all)));
        return command;
    }

    private static int Run(string older, string newer, bool all)
    {
        IReadOnlyList<ResultChange> changes;
        try
        {
            changes = ResultChange.Between(ResultFile.Read(older), ResultFile.Read(newer));
        }
        catch (ResultFileException e)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{e.Message}[/]");
            return NotReadable;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("cell", "old us", "new us", "old ratio", "new ratio", "change", "noise", "");
        foreach (ResultChange change in changes.Where(change => all || change.Verdict != Verdict.Same))
        {
            table.AddRow(
                change.Key.ToString(),
                Microseconds(change.Old),
                Microseconds(change.New),
                Ratio(change.Old),
                Ratio(change.New),
                Percent(change.Change),
                Percent(change.Threshold),
                Word(change.Verdict));
        }

        AnsiConsole.Write(table);
        int moved = changes.Count(change => change.Verdict is Verdict.Faster or Verdict.Slower);
        AnsiConsole.MarkupLineInterpolated($"{changes.Count} lines, {moved} moved by more than their noise");
        return changes.Any(change => change.Verdict == Verdict.Slower) ? SomethingIsSlower : 0;
    }

    private static string Microseconds(ResultLine? line) => line is null ? "" : Numbers.Microseconds(line.OursMicroseconds);

    private static string Ratio(ResultLine? line) => line?.Ratio.ToString("F2", CultureInfo.InvariantCulture) ?? "";

    private static string Percent(double value) => (100 * value).ToString("F1", CultureInfo.InvariantCulture) + " %";

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Faster => "[green]faster[/]",
        Verdict.Slower => "[red]slower[/]",
        Verdict.New => "new",
        Verdict.Gone => "gone",
        _ => "",
    };
}
