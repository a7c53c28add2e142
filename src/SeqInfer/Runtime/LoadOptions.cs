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

    /// <summary>
    /// Threads that may work on one request, the caller's among them. Results are the same bits whatever their number. Models that ask for
    /// the same number share the threads, which help one request at a time and block when there is nothing to do; no more are used than
    /// the process has processors or its container allows. The same as "threads=N" in the device string.
    /// </summary>
    public int Parallelism { get; init; } = 1;

    /// <summary>What happens to a history that is longer than the model's maximum.</summary>
    public LongHistory LongHistory { get; init; }

    /// <summary>How top-K goes over the catalogue of a model that ranks items. The results are the same, bit for bit.</summary>
    public CatalogueFirstPass CatalogueFirstPass { get; init; }

    /// <summary>What the model needs once beside its weights: edges of a graph, features of nodes or items.</summary>
    public ModelData Data { get; init; } = ModelData.Empty;

    /// <summary>
    /// How a graph in <see cref="Data"/> is numbered inside, where every request goes over it. Results are the same, bit for bit. Models
    /// without such a graph ignore it.
    /// </summary>
    public NodeReordering NodeReordering { get; init; }

    /// <summary>Fields that replace those of config.json, name to JSON text: { "similarity", "\"cosine\"" }.</summary>
    public IReadOnlyDictionary<string, string> ConfigOverrides { get; init; } = new Dictionary<string, string>();

    /// <summary>The device string with the number of threads in it.</summary>
    internal string DeviceString => Parallelism == 1
        ? Device
        : $"{Device}{(Device.Contains(':', StringComparison.Ordinal) ? ',' : ':')}threads={Parallelism}";
}
