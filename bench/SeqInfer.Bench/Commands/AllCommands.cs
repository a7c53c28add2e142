using System.CommandLine;
using SeqInfer.Bench.Suites;
using Spectre.Console;

namespace SeqInfer.Bench.Commands;

/// <summary>All commands.</summary>
internal static class AllCommands
{
    // A file has no width, and a table that is cut to 80 columns cannot be read.
    private const int WidthOfFiles = 180;

    public static int Run(string[] arguments)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = WidthOfFiles;

        var root = new RootCommand("Benchmarks of SeqInfer: against ONNX Runtime, against the machine, and against itself.")
        {
            CompareCommand.Create(),
            AgainstTorchCommand.Create(),
            CompareResultsCommand.Create(),
            StartupCommand.Create(),
            ProfileCommand.Create(),
            LimitsCommand.Create(),
            ReorderingsCommand.Create(),
            FamiliesCommand.Create(),
            GpuCommand.Create(),
            SuiteCommand.Create("kernels", "Operations and kernels at the shapes of real models, by BenchmarkDotNet", SuiteRunner.Kernels),
            SuiteCommand.Create("models", "Requests to every family, by BenchmarkDotNet", SuiteRunner.Models),
        };
        return root.Parse(arguments).Invoke();
    }
}
