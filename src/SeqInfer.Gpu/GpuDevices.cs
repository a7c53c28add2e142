using SeqInfer.Devices;
using SeqInfer.Gpu.Devices;
using SeqInfer.Gpu.Runtime;

namespace SeqInfer.Gpu;

/// <summary>The devices of this package, all made with <see cref="Device.Parse"/> once they are registered.</summary>
public static class GpuDevices
{
    /// <summary>True: this build has GPU devices. Whether the machine has is another question.</summary>
    public static bool AreAvailable => true;

    /// <summary>
    /// Makes <see cref="Device.Parse"/> know "cuda:N", "opencl:N" and "ilgpu-cpu" (ILGPU's simulator, slow; "ilgpu-cpu:T" has groups of T
    /// threads). "cuda:N,tf32" and "cuda:N,bf16" let linear layers and the projections of recurrent ones multiply on tensor cores, which rounds
    /// their operands to 10 or 7 bits of mantissa: off unless asked for, and refused by devices without them. <see cref="Device.Best"/> prefers CUDA,
    /// then an OpenCL device that is a GPU, to the CPU. May be called any number of times.
    /// </summary>
    public static void Register()
    {
        Register("cuda", GpuRuntimes.Cuda);
        Register("opencl", GpuRuntimes.OpenCl);
        Register("ilgpu-cpu", GpuRuntimes.Simulator);
        Device.Prefer("cuda", () => new GpuDevice(GpuRuntimes.Cuda(null)));
        Device.Prefer("opencl", () => new GpuDevice(GpuRuntimes.FirstOpenClGpu()));
    }

    private static void Register(string scheme, Func<string?, GpuRuntime> open) => Device.Register(scheme, argument =>
    {
        var parts = DeviceArgument.Parse(argument);
        return new GpuDevice(open(parts.Number), parts.Precision);
    });
}
