using System.CommandLine;
using System.Runtime.CompilerServices;

namespace SeqInfer.Cli.Commands;

/// <summary>Example command lines for the help of a command.</summary>
internal static class Examples
{
    private static readonly ConditionalWeakTable<Command, string[]> Lines = [];

    public static void Add(Command command, params string[] lines) => Lines.Add(command, lines);

    public static string[] Of(Command command) => Lines.TryGetValue(command, out string[]? lines) ? lines : [];
}
