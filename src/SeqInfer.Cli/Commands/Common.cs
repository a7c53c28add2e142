using System.CommandLine;

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
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => fallback, HelpName = "n" };
        option.Validators.Add(result =>
        {
            // What is no integer at all is reported by the parser.
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && value < 1)
                result.AddError($"{name} must be at least 1, not {value}.");
        });
        return option;
    }
}
