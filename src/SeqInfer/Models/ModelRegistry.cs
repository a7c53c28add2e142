using System.Collections.Concurrent;
using SeqInfer.Devices;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>Makes a model from its configuration and weights on a device.</summary>
/// <param name="config">The fields of config.json.</param>
/// <param name="weights">The tensors, by name.</param>
/// <param name="device">Where it will run.</param>
public delegate Model ModelFactory(ModelConfig config, WeightScope weights, Device device);

/// <summary>The families, by the "model_type" of config.json. Adding one is a call to <see cref="Register"/>.</summary>
public static class ModelRegistry
{
    private static readonly ConcurrentDictionary<string, ModelFactory> Families = new(StringComparer.Ordinal)
    {
        ["caser"] = (config, weights, device) => new Caser(config, weights, device),
        ["catalogue"] = (config, weights, device) => new CatalogueModel(config, weights, device),
        ["gru4rec"] = Gru4Rec.Create,
        ["narm"] = (config, weights, device) => new Narm(config, weights, device),
        ["nextitnet"] = (config, weights, device) => new NextItNet(config, weights, device),
        ["policy"] = (config, weights, device) => new PolicyModel(config, weights, device),
        ["recurrent"] = (config, weights, device) => new RecurrentModel(config, weights, device),
        ["sasrec"] = (config, weights, device) => new SasRec(config, weights, device),
        ["sequential"] = (config, weights, device) => new SequentialModel(config, weights, device),
        ["srgnn"] = (config, weights, device) => new SrGnn(config, weights, device),
    };

    /// <summary>The names of all families.</summary>
    public static IReadOnlyList<string> Names => [.. Families.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Adds a family, or replaces one.</summary>
    /// <param name="modelType">The "model_type" of its config.json.</param>
    /// <param name="factory">Makes the model.</param>
    public static void Register(string modelType, ModelFactory factory) => Families[modelType] = factory;

    /// <summary>Makes the model that a configuration describes.</summary>
    /// <exception cref="ModelConfigException">There is no such family, or a field is wrong.</exception>
    internal static Model Create(ModelConfig config, WeightScope weights, Device device)
    {
        string modelType = config.Text("model_type");
        if (!Families.TryGetValue(modelType, out ModelFactory? factory))
            throw config.Error("model_type", $"\"{modelType}\" is not allowed; expected one of {string.Join(", ", Names)}");
        return factory(config, weights, device);
    }
}
