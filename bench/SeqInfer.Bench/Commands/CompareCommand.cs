using System.CommandLine;
using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Compare.Reports;
using SeqInfer.Bench.Models;
using SeqInfer.Bench.OnnxRuntime;
using Spectre.Console;

namespace SeqInfer.Bench.Commands;

/// <summary>compare: side by side with ONNX Runtime.</summary>
internal static class CompareCommand
{
    private const int Failed = 1;

    public static Command Create()
    {
        Option<string[]> cells = SharedOptions.Cells();
        Option<int[]> batches = SharedOptions.Integers("--batches", "Only these batch sizes");
        Option<int[]> threads = SharedOptions.Integers("--threads", "Numbers of threads of each side", [.. new[] { 1, Environment.ProcessorCount }.Distinct()]);
        Option<string[]> weights = SharedOptions.Words("--weights", "How our side stores weights", [.. WeightForms.All]);
        Option<bool> quick = SharedOptions.Quick();
        Option<string?> ort = SharedOptions.Ort();
        Option<int?> rounds = new("--rounds") { Description = $"How often the sides take turns, {Schedule.Full.Rounds} unless --quick", HelpName = "n" };
        rounds.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int count) && count < 1)
                result.AddError("--rounds must be at least 1.");
        });
        Option<bool> verify = new("--verify-only") { Description = "Compare the outputs of every cell and form, and time nothing" };
        Option<string> output = SharedOptions.Output("compare.json, rounds.json, compare.md and compare.svg");
        var command = new Command("compare", "Compare outputs, then times, with ONNX Runtime on every cell of the matrix")
        {
            cells, batches, threads, weights, quick, rounds, verify, ort, output,
        };
        command.SetAction(arguments => Run(
            new ComparerOptions
            {
                Cells = arguments.GetValue(cells)!,
                Batches = arguments.GetValue(batches)!,
                Threads = arguments.GetValue(threads)!,
                Weights = arguments.GetValue(weights)!,
                Schedule = arguments.GetValue(verify) ? Schedule.None : Timed(arguments.GetValue(quick), arguments.GetValue(rounds)),
            },
            arguments.GetValue(ort),
            arguments.GetValue(output)!));
        return command;
    }

    private static Schedule Timed(bool isQuick, int? rounds)
    {
        Schedule schedule = isQuick ? Schedule.Quick : Schedule.Full;
        return rounds is { } count ? schedule with { Rounds = count } : schedule;
    }

    private static int Run(ComparerOptions options, string? library, string folder)
    {
        try
        {
            using OrtEnvironment ort = OrtLibrary.Load(library);
            Comparison comparison = Comparer.Run(ort, options, AnsiConsole.Console);
            if (options.Schedule == Schedule.None)
                return VerificationReport.Write(AnsiConsole.Console, comparison) ? 0 : Failed;
            Directory.CreateDirectory(folder);
            JsonReport.Write(folder, comparison);
            MarkdownReport.Write(folder, comparison);
            SvgChart.Write(folder, comparison);
            ConsoleReport.Write(AnsiConsole.Console, comparison);
            AnsiConsole.MarkupLineInterpolated($"written to {Path.GetFullPath(folder)}");
            return comparison.Failures.Count == 0 ? 0 : Failed;
        }
        catch (Exception e) when (e is OrtException or ArgumentException)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{e.Message}[/]");
            return Failed;
        }
    }
}
