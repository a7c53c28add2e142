using System.CommandLine;
using System.Globalization;

namespace SeqInfer.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class Common
{
    public static Option<string> Device() => new("--device")
    {
        Description = "cpu (the best instruction set), cpu:avx512, cpu:avx2, cpu:vector128, cpu:scalar, or reference (double precision, slow)",
        DefaultValueFactory = _ => "cpu",
        HelpName = "name",
    };

    public static Option<bool> Json() => new("--json") { Description = "Write one JSON document" };

    public static Option<string> Model() => new("--model", "-m")
    {
        Description = "Model directory: config.json with model.safetensors, or with shards and their index",
        HelpName = "dir",
        Required = true,
    };

    public static Option<int> Batch() => Number("--batch", 64, "Rows a request");

    public static Option<int> K() => Number("-k", 10, "How many items");

    /// <summary>An integer of at least 1.</summary>
    public static Option<int> Number(string name, int fallback, string description)
    {
        var option = new Option<int>(name)
        {
            Description = description,
            DefaultValueFactory = _ => fallback,
            HelpName = "n",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 1)
                    return value;
                result.AddError($"{name}: '{text}' is not an integer of at least 1.");
                return fallback;
            },
        };
        return option;
    }
}
