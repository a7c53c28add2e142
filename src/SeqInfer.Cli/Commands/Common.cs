using System.CommandLine;
using System.Globalization;
using SeqInfer.Cli.Data;
using SeqInfer.Devices;
using SeqInfer.Inputs;

namespace SeqInfer.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class Common
{
    public static Option<string> Device() => new("--device")
    {
        Description = "cpu (the best instruction set), cpu:avx512, cpu:avx2, cpu:vector128, cpu:scalar, reference (double precision, slow), cuda:0, opencl:0, ... or ilgpu-cpu (simulates a GPU, slow)",
        DefaultValueFactory = _ => "cpu",
        HelpName = "name",
    };

    public static Option<WeightStorage> Weights() => Word(
        "--weights", "type", "How the matrices of the layers are held", [.. WeightStorages.Names.Select(name => (name, WeightStorages.Parse(name)))]);

    public static Option<NodeReordering> Reordering() => Word(
        "--reordering",
        "order",
        "How the nodes of a large graph are numbered inside, with the same results",
        ("none", NodeReordering.None),
        ("rcm", NodeReordering.ReverseCuthillMcKee),
        ("communities", NodeReordering.Communities));

    public static Option<bool> Json() => new("--json") { Description = "Write one JSON document" };

    public static Option<string> Model() => new("--model", "-m")
    {
        Description = "Model directory: config.json with model.safetensors, or with shards and their index",
        HelpName = "dir",
        Required = true,
    };

    public static Option<string[]> Data() => new("--data")
    {
        Description =
            "What the model needs beside its weights, once, as often as there are files: [NAME=]PATH[#PART]. NAME is node_features, edges.users "
            + "(.items, .offsets, .sources, .targets, .weights) or item_features.FIELD; PATH a safetensors file (PART: a tensor), a CSV file (PART: "
            + "a column) or a case folder. edges=FILE and item_features=FILE take every tensor or column for a member; a CSV of items may have the "
            + "item's id in 'id' or 'item_id', else its rows count from 0; lists have blanks between their ids, or offsets in 'TENSOR.offsets'",
        HelpName = "name=path",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
    };

    /// <summary>Loads a model with its data.</summary>
    /// <exception cref="CliException">The model has no use for some of the data.</exception>
    public static SequenceModel Load(string directory, LoadOptions options)
    {
        ModelData given = options.Data;
        SequenceModel model = SequenceModel.Load(directory, options);
        if (!given.Unread.Any())
            return model;
        model.Dispose();
        throw new CliException($"--data: a model of type '{model.ModelType}' has no use for {string.Join(", ", given.Unread)}");
    }

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

    /// <summary>One of a few words, in any case; the first by default.</summary>
    private static Option<T> Word<T>(string name, string helpName, string description, params (string Word, T Value)[] words)
    {
        string all = string.Join(", ", words.Select(entry => entry.Word));
        return new Option<T>(name)
        {
            Description = $"{description}: {all}",
            DefaultValueFactory = _ => words[0].Value,
            HelpName = helpName,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                int found = Array.FindIndex(words, entry => entry.Word.Equals(text, StringComparison.OrdinalIgnoreCase));
                if (found >= 0)
                    return words[found].Value;
                result.AddError($"{name}: '{text}' is unknown; there are: {all}");
                return words[0].Value;
            },
        };
    }
}
