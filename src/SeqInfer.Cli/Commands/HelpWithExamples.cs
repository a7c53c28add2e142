using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace SeqInfer.Cli.Commands;

/// <summary>The usual help, and examples below it.</summary>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = inner.Invoke(parseResult);
        if (Examples.Of(parseResult.CommandResult.Command) is not { Length: > 0 } examples)
            return code;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in examples)
            output.WriteLine($"  {example}");
        output.WriteLine();
        return code;
    }
}
