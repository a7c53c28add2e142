using System.CommandLine;
using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Models;
using SeqInfer.Bench.OnnxRuntime;
using SeqInfer.Bench.Startup;
using SeqInfer.Devices.Cpu;
using Spectre.Console;

namespace SeqInfer.Bench.Commands;

/// <summary>startup: what a process that serves a model needs until its first result, and how much memory it holds.</summary>
internal static class StartupCommand
{
    private static readonly string[] DefaultCells = ["wide", "bert2"];

    public static Command Create()
    {
        Option<string[]> cells = SharedOptions.Words("--cells", "The models of these cells", DefaultCells);
        Option<int> repeats = new("--repeats") { Description = "Processes of each side and model", HelpName = "n", DefaultValueFactory = _ => 7 };
        Option<bool> jitOnly = new("--jit-only") { Description = "Leave out the program that is compiled ahead of time, which has to be published first" };
        Option<string?> published = new("--published")
        {
            Description = "The folder that this program was published to with PublishReadyToRun; without it, it is published first",
            HelpName = "dir",
        };
        Option<string?> ort = SharedOptions.Ort();
        Option<string> output = SharedOptions.Output("startup.json and startup.md");
        var command = new Command("startup", "Time from load and from process start to the first result, and resident memory, in processes of their own")
        {
            cells, repeats, jitOnly, published, ort, output,
        };
        command.SetAction(arguments => Run(
            arguments.GetValue(cells)!,
            arguments.GetValue(repeats),
            arguments.GetValue(jitOnly),
            arguments.GetValue(published),
            arguments.GetValue(ort),
            arguments.GetValue(output)!));
        return command;
    }

    private static int Run(string[] cells, int repeats, bool jitOnly, string? published, string? library, string folder)
    {
        try
        {
            using OrtEnvironment ort = OrtLibrary.Load(library);
            BenchModel[] models = [.. cells.Select(name => CellTable.All.FirstOrDefault(cell => cell.Name == name)?.Model
                ?? throw new StartupException($"no cell '{name}' with a model"))];
            using var runner = new StartupRunner(ort.LibraryPath, repeats);
            List<StartupResult> results = [];
            List<(string Program, string Code)> programs = [(StartupRunner.ProgramIn(AppContext.BaseDirectory), "jit")];
            if (!jitOnly)
                programs.Add((published is null ? runner.Publish() : StartupRunner.ProgramIn(published), "readytorun"));
            foreach ((string program, string code) in programs)
            {
                foreach (BenchModel model in models)
                {
                    AnsiConsole.MarkupLineInterpolated($"[grey]{model.Name}, {code}[/]");
                    results.Add(runner.Measure(model, program, code));
                }
            }

            using var device = CpuDevice.Create();
            var machine = MachineInfo.Describe(device.Isa.ToString(), device.KernelName, ort.Version);
            StartupReport.Write(folder, machine, results);
            Console.Write(StartupReport.Markdown(machine, results));
            AnsiConsole.MarkupLineInterpolated($"written to {Path.GetFullPath(folder)}");
            return 0;
        }
        catch (Exception e) when (e is OrtException or StartupException)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{e.Message}[/]");
            return 1;
        }
    }
}
