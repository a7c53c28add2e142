using SeqInfer.Devices;
using SeqInfer.Inputs;

namespace SeqInfer.Bench.Models;

/// <summary>How our side runs a model.</summary>
internal sealed record EngineSettings
{
    /// <summary>The usual: fp32 weights, the caller's thread.</summary>
    public static EngineSettings Default { get; } = new();

    private const string NodeFeatures = "node_features";

    /// <summary>Device string.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>How weights are stored.</summary>
    public string Weights { get; init; } = WeightForms.Fp32;

    /// <summary>Threads that work on one request.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>How a graph is numbered inside.</summary>
    public NodeReordering Reordering { get; init; }

    /// <summary>A bare device that runs so; the caller disposes it.</summary>
    public SeqInfer.Devices.Device CreateDevice()
    {
        LoadOptions options = LoadOptions(ModelData.Empty);
        var device = SeqInfer.Devices.Device.Parse(options.DeviceString);
        device.WeightStorage = options.WeightStorage;
        device.CatalogueFirstPass = options.CatalogueFirstPass;
        return device;
    }

    /// <summary>The same, as the engine takes it.</summary>
    public LoadOptions LoadOptions(ModelData data) => new()
    {
        Device = Device,
        Parallelism = Threads,
        WeightStorage = WeightStorages.Parse(Weights),
        NodeReordering = Reordering,
        CatalogueFirstPass = Weights == WeightForms.Int8 ? CatalogueFirstPass.Int8 : CatalogueFirstPass.None,
        Data = Weights == WeightForms.Bf16 && data.Contains(NodeFeatures) ? data.Rounded(NodeFeatures) : data,
    };
}
