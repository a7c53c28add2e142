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
        ["autorec"] = (config, weights, device) => new AutoRec(config, weights, device),
        ["bert"] = (config, weights, device) => new Bert(config, weights, device),
        ["bert4rec"] = (config, weights, device) => new Bert4Rec(config, weights, device),
        ["caser"] = (config, weights, device) => new Caser(config, weights, device),
        ["catalogue"] = (config, weights, device) => new CatalogueModel(config, weights, device),
        ["comirec_sa"] = (config, weights, device) => new ComiRecSa(config, weights, device),
        ["dcn"] = (config, weights, device) => new Dcn(config, weights, device),
        ["dcnv2"] = (config, weights, device) => new DcnV2(config, weights, device),
        ["deepfm"] = (config, weights, device) => new DeepFm(config, weights, device, FactorizationKind.DeepFm),
        ["dien"] = (config, weights, device) => new Dien(config, weights, device),
        ["din"] = (config, weights, device) => new Din(config, weights, device),
        ["fm"] = (config, weights, device) => new DeepFm(config, weights, device, FactorizationKind.FactorizationMachine),
        ["gat"] = (config, weights, device) => new Gat(config, weights, device),
        ["gcn"] = (config, weights, device) => new Gcn(config, weights, device),
        ["graphsage"] = (config, weights, device) => new GraphSage(config, weights, device),
        ["gru4rec"] = Gru4Rec.Create,
        ["kmeans"] = (config, weights, device) => new KMeans(config, weights, device),
        ["lightgcn"] = (config, weights, device) => new LightGcn(config, weights, device),
        ["lr"] = (config, weights, device) => new DeepFm(config, weights, device, FactorizationKind.LogisticRegression),
        ["mind"] = (config, weights, device) => new Mind(config, weights, device),
        ["mult_dae"] = (config, weights, device) => new MultVae(config, weights, device, isVariational: false),
        ["mult_vae"] = (config, weights, device) => new MultVae(config, weights, device, isVariational: true),
        ["narm"] = (config, weights, device) => new Narm(config, weights, device),
        ["neumf"] = (config, weights, device) => new NeuMf(config, weights, device),
        ["nextitnet"] = (config, weights, device) => new NextItNet(config, weights, device),
        ["policy"] = (config, weights, device) => new PolicyModel(config, weights, device),
        ["recurrent"] = (config, weights, device) => new RecurrentModel(config, weights, device),
        ["sasrec"] = (config, weights, device) => new SasRec(config, weights, device),
        ["sequential"] = (config, weights, device) => new SequentialModel(config, weights, device),
        ["srgnn"] = (config, weights, device) => new SrGnn(config, weights, device),
        ["two_tower"] = (config, weights, device) => new TwoTower(config, weights, device),
        ["widedeep"] = (config, weights, device) => new DeepFm(config, weights, device, FactorizationKind.WideAndDeep),
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
