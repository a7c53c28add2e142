using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace SeqInfer.Bench.Commands;

/// <summary>Options that several commands share.</summary>
internal static class SharedOptions
{
    public static Option<string?> Ort() => new("--ort")
    {
        Description = "The ONNX Runtime library to load instead of the one that bench/setup fetches",
        HelpName = "path",
    };

    public static Option<string[]> Cells() => new("--cells")
    {
        Description = "Only these cells, separated by commas",
        HelpName = "names",
        CustomParser = result => Split(result),
        DefaultValueFactory = _ => [],
    };

    public static Option<bool> Quick() => new("--quick") { Description = "Measure each cell for about a second: a first look, not numbers to publish" };

    public static Option<string> Output(string files) => new("--output")
    {
        Description = $"Where {files} go",
        HelpName = "dir",
        DefaultValueFactory = _ => Path.Combine("bench", "results"),
    };

    public static Option<int[]> Integers(string name, string description, params int[] fallback) => new(name)
    {
        Description = description,
        HelpName = "n,...",
        DefaultValueFactory = _ => fallback,
        CustomParser = result =>
        {
            List<int> values = [];
            foreach (string text in Split(result))
            {
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0)
                    values.Add(value);
                else
                    result.AddError($"{name}: '{text}' is not an integer of at least 1.");
            }

            return [.. values];
        },
    };

    public static Option<string[]> Words(string name, string description, params string[] fallback) => new(name)
    {
        Description = description,
        HelpName = "a,...",
        DefaultValueFactory = _ => fallback,
        CustomParser = result => Split(result),
    };

    private static string[] Split(ArgumentResult result) =>
        [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
}
