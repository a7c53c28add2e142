using System.CommandLine;
using System.Globalization;
using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Compare.Cells;
using SeqInfer.Bench.Compare.Reports;
using SeqInfer.Bench.OnnxRuntime;
using SeqInfer.Bench.Torch;
using Spectre.Console;

namespace SeqInfer.Bench.Commands;

/// <summary>against-torch: our ONNX graphs against those of torch.onnx.export, both in ONNX Runtime.</summary>
internal static class AgainstTorchCommand
{
    // PyTorch scatters single elements and needs the index of each: more than a graph can hold.
    private const string TooLarge = "gcn100k";

    public static Command Create()
    {
        Option<string[]> cells = SharedOptions.Cells();
        Option<int[]> batches = SharedOptions.Integers("--batches", "Only these batch sizes");
        Option<int[]> threads = SharedOptions.Integers("--threads", "Threads inside an operator", 1);
        Option<bool> quick = SharedOptions.Quick();
        Option<string?> ort = SharedOptions.Ort();
        Option<string> python = new("--python")
        {
            Description = "A Python interpreter that has PyTorch",
            HelpName = "path",
            DefaultValueFactory = _ => "python3",
        };
        var command = new Command("against-torch", "Time our ONNX graphs in ONNX Runtime beside those that PyTorch exports; fails where ours are slower")
        {
            cells, batches, threads, quick, ort, python,
        };
        command.SetAction(arguments => Run(
            arguments.GetValue(cells)!,
            arguments.GetValue(batches)!,
            arguments.GetValue(threads)!,
            arguments.GetValue(quick) ? Schedule.Quick : Schedule.Full,
            arguments.GetValue(ort),
            arguments.GetValue(python)!));
        return command;
    }

    private static int Run(string[] cells, int[] batches, int[] threads, Schedule schedule, string? library, string python)
    {
        try
        {
            using OrtEnvironment ort = OrtLibrary.Load(library);
            using var exporter = new TorchExporter(python);
            List<FairnessResult> results = [];
            foreach (ModelCell cell in CellTable.All.OfType<ModelCell>().Where(cell => cells.Length == 0 ? cell.Name != TooLarge : cells.Contains(cell.Name)))
            {
                foreach (int batch in cell.Batches.Where(batch => batches.Length == 0 || batches.Contains(batch)))
                {
                    foreach (int count in threads)
                    {
                        FairnessResult result = TorchFairness.Measure(ort, exporter, cell.Model, batch, count, schedule);
                        AnsiConsole.WriteLine(string.Create(
                            CultureInfo.InvariantCulture,
                            $"{result.Cell,-10} batch {result.Batch,3}, {count} thread(s): torch {Numbers.Microseconds(result.Torch.MedianMicroseconds)}, recorded {Numbers.Microseconds(result.Recorded.MedianMicroseconds)} us ({result.Form}), {result.Ratio:F2} x, difference {result.MaxAbsDiff:G2}"));
                        results.Add(result);
                    }
                }
            }

            FairnessResult[] slower = [.. results.Where(result => result.IsSlower)];
            if (slower.Length == 0)
                return 0;
            AnsiConsole.MarkupLineInterpolated($"[red]slower than PyTorch's export: {string.Join(", ", slower.Select(result => $"{result.Cell} batch {result.Batch}"))}[/]");
            return 1;
        }
        catch (Exception e) when (e is OrtException or MismatchException or TorchException)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{e.Message}[/]");
            return 1;
        }
    }
}
