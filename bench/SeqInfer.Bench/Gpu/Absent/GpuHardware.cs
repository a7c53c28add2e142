namespace SeqInfer.Bench.Gpu;

/// <summary>Stands in for the devices in a build without ILGPU.</summary>
internal static class GpuHardware
{
    /// <summary>Null: this build has no GPU devices.</summary>
    public static IHardware? TryCreate() => null;
}
