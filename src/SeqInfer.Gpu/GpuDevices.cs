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
    /// threads), and <see cref="Device.Best"/> prefer CUDA, then an OpenCL device that is a GPU, to the CPU. May be called any number of times.
    /// </summary>
    public static void Register()
    {
        Device.Register("cuda", argument => new GpuDevice(GpuRuntimes.Cuda(argument)));
        Device.Register("opencl", argument => new GpuDevice(GpuRuntimes.OpenCl(argument)));
        Device.Prefer("cuda", () => new GpuDevice(GpuRuntimes.Cuda(null)));
        Device.Prefer("opencl", () => new GpuDevice(GpuRuntimes.FirstOpenClGpu()));
        Device.Register("ilgpu-cpu", argument => new GpuDevice(GpuRuntimes.Simulator(argument)));
    }
}
