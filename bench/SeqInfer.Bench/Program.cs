using System.CommandLine;
using SeqInfer.Bench.Commands;
using Spectre.Console;

// A file has no width, and a table that is cut to 80 columns cannot be read.
const int WidthOfFiles = 180;
if (Console.IsOutputRedirected)
    AnsiConsole.Profile.Width = WidthOfFiles;

var root = new RootCommand("Benchmarks of SeqInfer: against ONNX Runtime, against the machine, and against itself.")
{
    CompareCommand.Create(),
    AgainstTorchCommand.Create(),
    CompareResultsCommand.Create(),
    LimitsCommand.Create(),
    FamiliesCommand.Create(),
    SuiteCommand.Create("kernels", "Operations and kernels at the shapes of real models, by BenchmarkDotNet", SeqInfer.Bench.Suites.SuiteRunner.Kernels),
    SuiteCommand.Create("models", "Requests to every family, by BenchmarkDotNet", SeqInfer.Bench.Suites.SuiteRunner.Models),
};
return root.Parse(args).Invoke();
