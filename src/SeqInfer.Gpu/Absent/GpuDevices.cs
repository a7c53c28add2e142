using SeqInfer.Devices;

namespace SeqInfer.Gpu;

/// <summary>Stands in for the GPU devices in a build without ILGPU: their names are known, and asking for one says why it is not there.</summary>
public static class GpuDevices
{
    private static readonly string[] Schemes = ["cuda", "opencl", "ilgpu-cpu"];

    /// <summary>False: this build has no GPU devices.</summary>
    public static bool AreAvailable => false;

    /// <summary>Makes <see cref="Device.Parse"/> answer "cuda:N", "opencl:N" and "ilgpu-cpu" with an error that says what to do.</summary>
    public static void Register()
    {
        foreach (string scheme in Schemes)
            Device.Register(scheme, argument => throw Missing(argument is null ? scheme : $"{scheme}:{argument}"));
    }

    private static DeviceException Missing(string device) => new(
        device, "SeqInfer.Gpu was built without ILGPU 1.5.3; build it where ILGPU and ILGPU.Algorithms can be restored (-p:SeqInferGpu=true)");
}
