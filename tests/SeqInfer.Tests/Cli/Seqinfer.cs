using System.Text.Json;
using System.Text.RegularExpressions;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Cli;

/// <summary>Starts the real program.</summary>
internal static partial class Seqinfer
{
    private static readonly string Assembly = Path.Combine(AppContext.BaseDirectory, "SeqInfer.Cli.dll");

    /// <summary>The files of the demo, as the program ships them.</summary>
    public static string Demo(params string[] path) => Path.Combine([AppContext.BaseDirectory, "demo", .. path]);

    public static (int ExitCode, string Output, string Error) Run(params string[] arguments) => RunWith("", [], arguments);

    public static (int ExitCode, string Output, string Error) RunWith(
        string input, (string Name, string Value)[] environment, params string[] arguments)
    {
        (int exitCode, string output, string error) = ChildProcess.RunAssembly(Assembly, arguments, input, environment);
        Assert.DoesNotContain('\u001b', output);
        Assert.DoesNotContain('\u001b', error);
        return (exitCode, output, ProgressLine().Replace(error, ""));
    }

    /// <summary>Runs a command that must succeed.</summary>
    public static string Output(params string[] arguments)
    {
        (int exitCode, string output, string error) = Run(arguments);
        Assert.True(exitCode == 0, $"exit code {exitCode}: {error}");
        return output;
    }

    /// <summary>Runs a command that must succeed and write one JSON document.</summary>
    public static JsonElement Json(params string[] arguments)
    {
        using JsonDocument document = JsonDocument.Parse(Output(arguments));
        return document.RootElement.Clone();
    }

    /// <summary>Runs a command that must fail with exit code 2 and one line on standard error.</summary>
    public static string Error(params string[] arguments)
    {
        (int exitCode, string output, string error) = Run(arguments);
        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.StartsWith("seqinfer: ", error, StringComparison.Ordinal);
        Assert.Equal(error.Length - 1, error.IndexOf('\n', StringComparison.Ordinal));
        return error.TrimEnd();
    }

    // "verifying: 3 of 9 cases" comes when a machine is slow
    [GeneratedRegex(@"^\w+: \d+ of \d+ \w+\r?\n", RegexOptions.Multiline)]
    private static partial Regex ProgressLine();

    public static string[] Lines(string output) => output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
}
