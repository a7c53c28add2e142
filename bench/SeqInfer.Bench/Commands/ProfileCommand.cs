using System.CommandLine;
using System.Globalization;
using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Compare.Reports;
using SeqInfer.Bench.Limits;
using SeqInfer.Bench.Models;
using SeqInfer.Bench.Profiling;
using Spectre.Console;

namespace SeqInfer.Bench.Commands;

/// <summary>profile: where the time of a cell goes.</summary>
internal static class ProfileCommand
{
    public static Command Create()
    {
        Option<string> cell = new("--cell") { Description = "Which cell", HelpName = "name", Required = true };
        Option<int[]> batches = SharedOptions.Integers("--batch", "Batch sizes; by default the cell's own");
        Option<string> device = new("--device") { Description = "Our device, such as cpu:avx2", HelpName = "device", DefaultValueFactory = _ => "cpu" };
        Option<string> weights = new("--weights") { Description = "How weights are stored: fp32, bf16 or int8", HelpName = "form", DefaultValueFactory = _ => WeightForms.Fp32 };
        weights.AcceptOnlyFromAmong([.. WeightForms.All]);
        Option<int> threads = new("--threads") { Description = "Threads that work on a request", HelpName = "n", DefaultValueFactory = _ => 1 };
        Option<double> seconds = new("--seconds") { Description = "How long to measure each batch size", HelpName = "s", DefaultValueFactory = _ => 1 };
        var command = new Command("profile", "Time each operation of a cell's forward pass beside its limit") { cell, batches, device, weights, threads, seconds };
        command.SetAction(arguments => Run(
            arguments.GetValue(cell)!,
            arguments.GetValue(batches)!,
            new EngineSettings { Device = arguments.GetValue(device)!, Weights = arguments.GetValue(weights)!, Threads = arguments.GetValue(threads) },
            TimeSpan.FromSeconds(arguments.GetValue(seconds) / 4)));
        return command;
    }

    private static int Run(string name, int[] batches, EngineSettings settings, TimeSpan time)
    {
        string[] known = [.. CellTable.All.Where(cell => cell.Model is not null).Select(cell => cell.Name)];
        if (CellTable.All.FirstOrDefault(cell => cell.Name == name) is not { Model: { } bench } found)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]no cell '{name}' with a model; there are: {string.Join(", ", known)}[/]");
            return 1;
        }

        var limits = MachineLimits.Measure(settings.Threads);
        foreach (int batch in batches.Length == 0 ? found.Batches : batches)
        {
            RequestProfile profile = Profiler.Run(bench, settings, batch, request => bench.Fill(request, batch, new Random(batch)), limits, time);
            AnsiConsole.MarkupLineInterpolated($"{name}, batch {batch}: {found.Description}");
            Write(profile);
        }

        return 0;
    }

    private static void Write(RequestProfile profile)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("operation", "shape");
        foreach (string header in (string[])["calls", "us", "share", "GFLOP/s", "limit us", "% of limit"])
            table.AddColumn(new TableColumn(header).RightAligned());
        foreach (OperationProfile operation in profile.Operations)
        {
            table.AddRow(
                operation.Operation.Name,
                operation.Operation.Shape,
                operation.Calls.ToString(CultureInfo.InvariantCulture),
                Numbers.Microseconds(operation.Microseconds),
                Percent(operation.Microseconds / profile.RequestMicroseconds),
                operation.Flops == 0 ? "" : (operation.Flops / operation.Microseconds / 1e3).ToString("F1", CultureInfo.InvariantCulture),
                operation.LimitMicroseconds == 0 ? "" : Numbers.Microseconds(operation.LimitMicroseconds),
                operation.LimitMicroseconds == 0 ? "" : Percent(operation.LimitMicroseconds / operation.Microseconds));
        }

        double rest = profile.RequestMicroseconds - profile.OperationMicroseconds;
        table.AddRow("between operations", "", "", Numbers.Microseconds(rest), Percent(rest / profile.RequestMicroseconds));
        table.AddRow("whole request", "", "", Numbers.Microseconds(profile.RequestMicroseconds));
        AnsiConsole.Write(table);
    }

    private static string Percent(double share) => (100 * share).ToString("F0", CultureInfo.InvariantCulture) + " %";
}
