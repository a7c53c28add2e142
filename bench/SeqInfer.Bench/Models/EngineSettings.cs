using SeqInfer.Devices;
using SeqInfer.Inputs;

namespace SeqInfer.Bench.Models;

/// <summary>How our side runs a model.</summary>
internal sealed record EngineSettings
{
    /// <summary>The usual: fp32 weights, the caller's thread.</summary>
    public static EngineSettings Default { get; } = new();

    /// <summary>Whether <see cref="LoadOptions"/> can store the weights of layers in fewer bits.</summary>
    public static bool HasWeightStorage => false;

    /// <summary>Whether <see cref="LoadOptions"/> can split a request over threads.</summary>
    public static bool HasThreads => false;

    /// <summary>Device string.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>How weights are stored.</summary>
    public string Weights { get; init; } = WeightForms.Fp32;

    /// <summary>Threads that work on one request.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The same, as the engine takes it.</summary>
    public LoadOptions LoadOptions(ModelData data) => new()
    {
        Device = Device,
        Data = data,
        CatalogueFirstPass = Weights == WeightForms.Int8 ? CatalogueFirstPass.Int8 : CatalogueFirstPass.None,
    };
}
