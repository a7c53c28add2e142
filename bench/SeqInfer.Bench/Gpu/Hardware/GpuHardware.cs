using SeqInfer.Bench.Gpu.Hardware;
using SeqInfer.Gpu;

namespace SeqInfer.Bench.Gpu;

/// <summary>The devices of this build.</summary>
internal static class GpuHardware
{
    /// <summary>The devices that ILGPU finds.</summary>
    public static IHardware? TryCreate()
    {
        GpuDevices.Register();
        return new IlgpuHardware();
    }
}
