using SeqInfer.Devices;
using SeqInfer.Inputs;

namespace SeqInfer;

/// <summary>What happens to a history that is longer than the model's maximum.</summary>
public enum LongHistory
{
    /// <summary>The newest events are kept, as the reference codes do.</summary>
    KeepNewest,

    /// <summary>An <see cref="Inputs.InputException"/>.</summary>
    Reject,
}

/// <summary>How a model is loaded.</summary>
public sealed record LoadOptions
{
    /// <summary>Device string, see <see cref="Devices.Device.Parse"/>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>How the matrices of linear layers and recurrent cells are held: less memory and faster small batches for a rounding of weights.</summary>
    public WeightStorage WeightStorage { get; init; }

    /// <summary>What happens to a history that is longer than the model's maximum.</summary>
    public LongHistory LongHistory { get; init; }

    /// <summary>How top-K goes over the catalogue of a model that ranks items. The results are the same, bit for bit.</summary>
    public CatalogueFirstPass CatalogueFirstPass { get; init; }

    /// <summary>What the model needs once beside its weights: edges of a graph, features of nodes or items.</summary>
    public ModelData Data { get; init; } = ModelData.Empty;

    /// <summary>Fields that replace those of config.json, name to JSON text: { "similarity", "\"cosine\"" }.</summary>
    public IReadOnlyDictionary<string, string> ConfigOverrides { get; init; } = new Dictionary<string, string>();
}
