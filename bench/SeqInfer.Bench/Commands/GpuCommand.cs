using System.CommandLine;
using System.Text.Json;
using SeqInfer.Bench.Gpu;
using SeqInfer.Bench.Gpu.Cells;
using SeqInfer.Bench.Gpu.Checks;
using SeqInfer.Bench.Gpu.Reports;

namespace SeqInfer.Bench.Commands;

/// <summary>gpu: every kernel and family on GPU devices, checked and timed.</summary>
internal static class GpuCommand
{
    /// <summary>Exit code where this build has no GPU devices, or one that was asked for is not there.</summary>
    public const int NoDevice = 2;

    private const int Failed = 1;
    private const int QuickSamples = 3;
    private const int UsualSamples = 20;

    public static Command Create()
    {
        Option<string[]> devices = SharedOptions.Words("--devices", "Device strings; by default every CUDA and OpenCL device and the simulator, which is then only checked");
        Option<string[]> parts = SharedOptions.Words("--parts", $"Which of {string.Join(", ", GpuOptions.AllParts)}", [.. GpuOptions.AllParts]);
        Option<int[]> batches = SharedOptions.Integers("--batches", "Batch sizes of the families", 1, 64, 512, 4096);
        Option<string[]> families = SharedOptions.Words("--families", "Only these cells: sas64, lstm128, ..., or family-NAME for one of every family");
        Option<int[]> threads = SharedOptions.Integers("--threads", "Threads of our CPU beside the devices", [.. new[] { 1, Environment.ProcessorCount }.Distinct()]);
        Option<string[]> cases = new("--cases") { Description = "Folders of cases beside the repository's golden ones", HelpName = "dir", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        Option<int?> samples = new("--samples") { Description = $"Random calls of each operation; by default {UsualSamples}, with --quick {QuickSamples}", HelpName = "n" };
        Option<int> cycles = new("--cycles") { Description = "Loads and unloads of a model, after which memory is compared", HelpName = "n", DefaultValueFactory = _ => 0 };
        Option<double?> timeLimit = new("--time-limit") { Description = "After so many seconds nothing new is begun; what was left out is listed", HelpName = "s" };
        Option<double> callLimit = new("--call-limit") { Description = "Calls that are expected to take longer are left out", HelpName = "s", DefaultValueFactory = _ => 5 };
        Option<string?> beside = new("--beside") { Description = "What bench/gpu_torch.py wrote: ratios are reported", HelpName = "file" };
        Option<bool> small = new("--small") { Description = "The models divided by about 16: to see that it works where no GPU is" };
        Option<bool> quick = SharedOptions.Quick();
        Option<string> output = SharedOptions.Output("gpu.json and gpu.md");
        var command = new Command("gpu", "Check every kernel and family on GPU devices against the reference, and time them beside our CPU and the device's limits")
        {
            devices, parts, batches, families, threads, cases, samples, cycles, timeLimit, callLimit, beside, small, quick, output,
        };
        command.SetAction(arguments =>
        {
            bool isQuick = arguments.GetValue(quick);
            return Run(
                new GpuOptions
                {
                    Devices = arguments.GetValue(devices)!,
                    Parts = arguments.GetValue(parts)!,
                    Batches = arguments.GetValue(batches)!,
                    Cells = arguments.GetValue(families)!,
                    Threads = arguments.GetValue(threads)!,
                    CaseFolders = arguments.GetValue(cases)!,
                    Samples = arguments.GetValue(samples) ?? (isQuick ? QuickSamples : UsualSamples),
                    Cycles = arguments.GetValue(cycles),
                    TimeLimit = arguments.GetValue(timeLimit) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                    CallLimit = TimeSpan.FromSeconds(arguments.GetValue(callLimit)),
                    IsQuick = isQuick,
                    IsSmall = arguments.GetValue(small),
                    Beside = arguments.GetValue(beside),
                },
                arguments.GetValue(output)!);
        });
        return command;
    }

    private static int Run(GpuOptions options, string folder)
    {
        if (GpuHardware.TryCreate() is not { } hardware)
        {
            Console.Error.WriteLine("gpu: this build has no GPU devices, because it was made without ILGPU 1.5.3; build it where ILGPU and ILGPU.Algorithms can be restored (-p:SeqInferGpu=true)");
            return NoDevice;
        }

        try
        {
            Check(options);
            TorchTimes? torch = options.Beside is { } path ? TorchTimes.Read(path) : null;
            options = options with { CaseFolders = [.. CaseChecks.Golden(), .. options.CaseFolders.SelectMany(CaseChecks.Below)] };
            Directory.CreateDirectory(folder);
            GpuRun run = new GpuBench(hardware, options, Console.Error.WriteLine, found => Write(found, torch, folder)).Run();
            Console.Write(Write(run, torch, folder));
            return run.Passed ? 0 : Failed;
        }
        catch (Devices.DeviceException error)
        {
            Console.Error.WriteLine($"gpu: {error.Message}");
            return NoDevice;
        }
        catch (Exception error) when (error is SeqInferException or ArgumentException or IOException or JsonException)
        {
            Console.Error.WriteLine($"gpu: {error.Message}");
            return Failed;
        }
    }

    private static string Write(GpuRun run, TorchTimes? torch, string folder)
    {
        string page = GpuMarkdown.Text(run, torch);
        WholeFile.Write(Path.Combine(folder, "gpu.json"), path => GpuJson.Write(path, run));
        WholeFile.Write(Path.Combine(folder, "gpu.md"), path => File.WriteAllText(path, page));
        return page;
    }

    private static void Check(GpuOptions options)
    {
        if (options.IsSmall && options.Beside is not null)
            throw new ArgumentException("--beside has the times of whole models: leave out --small");
        Require("part", options.Parts, GpuOptions.AllParts);
        Require("cell", options.Cells, [.. GpuCell.All(options.IsSmall).Select(cell => cell.Name)]);
    }

    private static void Require(string what, IReadOnlyList<string> asked, IReadOnlyList<string> known)
    {
        if (asked.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new ArgumentException($"there is no {what} '{unknown}'; there are {string.Join(", ", known)}");
    }
}
