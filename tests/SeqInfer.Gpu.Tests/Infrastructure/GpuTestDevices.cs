using SeqInfer.Devices;
using SeqInfer.Gpu.Runtime;

namespace SeqInfer.Gpu.Tests.Infrastructure;

/// <summary>
/// The devices under test: the simulator with the plain kernels and with the tuned ones, the first OpenCL device, PoCL where nothing better is
/// there, and the first CUDA device. What this machine lacks is skipped with the device's own message.
/// </summary>
internal static class GpuTestDevices
{
    /// <summary>Simulator with groups of two threads: the plain kernels.</summary>
    public const string Plain = "ilgpu-cpu";

    /// <summary>Simulator with groups of 64 threads: the tuned kernels. Every barrier is one of operating system threads, so keep it small.</summary>
    public const string Tuned = "ilgpu-cpu:64";

    /// <summary>The first OpenCL device.</summary>
    public const string OpenCl = "opencl:0";

    /// <summary>The first CUDA device.</summary>
    public const string Cuda = "cuda:0";

    private static readonly Dictionary<string, Lazy<Device>> ByName = new[] { Plain, Tuned, OpenCl, Cuda }
        .ToDictionary(name => name, name => new Lazy<Device>(() => Open(name)));

    /// <summary>A device that all tests share; skips the calling test (a SkippableFact or SkippableTheory) where it is not there.</summary>
    public static Device Require(string name)
    {
        try
        {
            return ByName[name].Value;
        }
        catch (DeviceNotFoundException missing)
        {
            Skip.If(true, missing.Message);
            throw;
        }
    }

    private static Device Open(string name)
    {
        Environment.SetEnvironmentVariable(GpuRuntimes.RelaxedVariable, "1");
        GpuDevices.Register();
        return Device.Parse(name);
    }
}
