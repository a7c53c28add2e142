using System.Text;
using System.Text.Json.Nodes;
using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Contract;

/// <summary>A golden case's model, to be made again and again with other configurations.</summary>
internal sealed class ConfigCase : IDisposable
{
    private readonly WeightFiles _files;
    private readonly ModelData _data;
    private readonly string _path;

    public ConfigCase(string name)
    {
        _path = Path.Combine(Goldens.Case(name), "config.json");
        _files = WeightFiles.Open(Goldens.Case(name));
        _data = Goldens.Data(name);
        Fields = JsonNode.Parse(File.ReadAllBytes(_path))!.AsObject();
    }

    /// <summary>The configuration as the case has it.</summary>
    public JsonObject Fields { get; }

    public string ModelType => Fields["model_type"]!.GetValue<string>();

    /// <summary>Every object of the configuration, with the path to it: "" for the whole, "fields[2]." for a field of it.</summary>
    public IEnumerable<(string Path, Func<JsonObject, JsonObject> Find)> Objects()
    {
        yield return ("", root => root);
        foreach ((string list, JsonNode? value) in Fields)
        {
            if (value is not JsonArray items)
                continue;
            for (int i = 0; i < items.Count; i++)
            {
                int index = i;
                if (items[i] is JsonObject)
                    yield return ($"{list}[{i}].", root => root[list]![index]!.AsObject());
            }
        }
    }

    /// <summary>The error that a change of the configuration makes; null where the model can be made.</summary>
    public SeqInferException? Try(Action<JsonObject> change)
    {
        JsonObject changed = Fields.DeepClone().AsObject();
        change(changed);
        var config = ModelConfig.Parse(_path, Encoding.UTF8.GetBytes(changed.ToJsonString()));
        try
        {
            using SequenceModel model = SequenceModel.Create(config, _files.Tensors, new LoadOptions { Device = "reference", Data = _data });
            return null;
        }
        catch (SeqInferException e)
        {
            return e;
        }
    }

    /// <summary>The error about a field that a change of the configuration makes. Fails where there is none, or another one.</summary>
    public ModelConfigException Refused(string field, Action<JsonObject> change)
    {
        SeqInferException? error = Try(change);
        Assert.True(error is not null, $"'{field}': the model can be made");
        Assert.True(error is ModelConfigException, $"'{field}': {error}");
        var refused = (ModelConfigException)error;
        Assert.Equal(field, refused.Field);
        Assert.Equal(_path, refused.File);
        Assert.Contains(_path, refused.Message, StringComparison.Ordinal);
        Assert.Contains($"'{field}'", refused.Message, StringComparison.Ordinal);
        return refused;
    }

    public void Dispose() => _files.Dispose();
}
