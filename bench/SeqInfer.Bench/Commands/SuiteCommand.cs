using System.CommandLine;

namespace SeqInfer.Bench.Commands;

/// <summary>kernels and models: suites of BenchmarkDotNet, which reads all further arguments.</summary>
internal static class SuiteCommand
{
    public static Command Create(string name, string description, Action<string[]> run)
    {
        var rest = new Argument<string[]>("arguments")
        {
            Description = "Arguments of BenchmarkDotNet after --, such as -- --filter '*Linear*' or -- --list flat",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command(name, description) { rest };
        command.SetAction(arguments => run(arguments.GetValue(rest)!));
        return command;
    }
}
