using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using SeqInfer.Cli.Commands;
using SeqInfer.Gpu;

namespace SeqInfer.Cli;

/// <summary>The command line as a whole: commands, help, exit codes.</summary>
internal static class CommandLine
{
    /// <summary>Everything went well.</summary>
    public const int Success = 0;

    /// <summary>The work was done, and its answer is no: a verification failed.</summary>
    public const int Failure = 1;

    /// <summary>The work could not be done; one line on standard error says why.</summary>
    public const int Error = 2;

    /// <summary>Ctrl+C, as shells report it.</summary>
    public const int Cancelled = 130;

    public static int Run(string[] args)
    {
        GpuDevices.Register();
        RootCommand root = Create();
        ParseResult result = root.Parse(args);
        if (result.Action is ParseErrorAction)
        {
            string command = result.CommandResult.Command is RootCommand ? "seqinfer" : $"seqinfer {result.CommandResult.Command.Name}";
            return Fail($"{Explain(result)} See '{command} --help'.");
        }

        try
        {
            return result.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("seqinfer: cancelled");
            return Cancelled;
        }
        catch (Exception e) when (e is SeqInferException or IOException or UnauthorizedAccessException)
        {
            return Fail(e.Message);
        }
    }

    /// <summary>
    /// Gives a command its work. It runs on a thread of its own, so that Ctrl+C reaches it through the token.
    /// </summary>
    public static void Does(this Command command, Func<ParseResult, CancellationToken, int> body) =>
        command.SetAction((result, cancellation) => Task.Run(() => body(result, cancellation), cancellation));

    private static RootCommand Create()
    {
        var root = new RootCommand(
            "Runs trained recommender models: inspects and verifies their files, predicts, recommends, evaluates.")
        {
            InspectCommand.Create(),
            VerifyCommand.Create(),
            PredictCommand.Create(),
            RecommendCommand.Create(),
            EvaluateCommand.Create(),
            DemoCommand.Create(),
        };
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    // A command that does not exist makes two errors: that there is none, and which word is wrong.
    private static string Explain(ParseResult result) =>
        (result.Errors.Count > 1 && result.CommandResult.Command is RootCommand ? result.Errors[1] : result.Errors[0]).Message;

    private static int Fail(string message)
    {
        string line = string.Join(' ', message.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Console.Error.WriteLine($"seqinfer: {line}");
        return Error;
    }
}
