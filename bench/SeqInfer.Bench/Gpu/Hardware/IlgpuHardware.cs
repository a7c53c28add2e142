using System.Globalization;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using SeqInfer.Devices;
using SeqInfer.Gpu.Devices;
using SeqInfer.Gpu.Runtime;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Gpu.Hardware;

/// <summary>What ILGPU and the drivers tell.</summary>
internal sealed class IlgpuHardware : IHardware
{
    private const string Simulator = "ilgpu-cpu";
    private const string NvidiaVersion = "/proc/driver/nvidia/version";

    // More than any machine has, so that a driver that answers for every number is asked no further
    private const int MostDevices = 64;

    /// <inheritdoc/>
    public IReadOnlyList<string> Find(Action<DeviceException> refused)
    {
        List<string> found = [];
        foreach (string scheme in (string[])["cuda", "opencl"])
        {
            for (int i = 0; i < MostDevices; i++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"{scheme}:{i}");
                try
                {
                    _ = Open(name);
                    found.Add(name);
                }
                catch (DeviceNotFoundException)
                {
                    break;
                }
                catch (DeviceException error)
                {
                    refused(error);
                    if (error.InnerException is DllNotFoundException)
                        break;
                }
            }
        }

        found.Add(Simulator);
        return found;
    }

    /// <inheritdoc/>
    public DeviceFacts Describe(string device)
    {
        GpuRuntime runtime = Open(device);
        Accelerator accelerator = runtime.Accelerator;
        bool isHost = accelerator is not (CudaAccelerator or CLAccelerator)
            || (accelerator is CLAccelerator openCl && !openCl.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_GPU));
        return new DeviceFacts(
            device,
            runtime.HardwareName,
            runtime.Kind,
            DriverOf(accelerator),
            $"ILGPU {typeof(Context).Assembly.GetName().Version?.ToString(3)}",
            accelerator.MemorySize,
            accelerator.NumMultiprocessors,
            isHost);
    }

    /// <inheritdoc/>
    public DeviceLimits Measure(string device, bool isQuick)
    {
        using LimitLoops loops = new(Open(device), Describe(device), isQuick);
        return loops.Measure();
    }

    /// <inheritdoc/>
    public long? FreeBytes(string device)
    {
        GpuRuntime runtime = Open(device);
        if (runtime.Accelerator is not CudaAccelerator)
            return null;
        runtime.Bind();
        CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.GetMemoryInfo(out long free, out _));
        return free;
    }

    /// <inheritdoc/>
    public void Wait(Workspace arena)
    {
        if (arena is GpuWorkspace workspace)
            workspace.Stream.Synchronize();
    }

    private static GpuRuntime Open(string device)
    {
        string[] parts = device.Split(':', 2);
        string? argument = parts.Length == 2 ? parts[1] : null;
        return parts[0] switch
        {
            "cuda" => GpuRuntimes.Cuda(argument),
            "opencl" => GpuRuntimes.OpenCl(argument),
            Simulator => GpuRuntimes.Simulator(argument),
            _ => throw new DeviceNotFoundException(device, $"it is no GPU device; there are cuda:N, opencl:N and {Simulator}"),
        };
    }

    private static string DriverOf(Accelerator accelerator) => accelerator switch
    {
        CudaAccelerator cuda => $"CUDA {cuda.DriverVersion.Major}.{cuda.DriverVersion.Minor}, {cuda.Architecture}, {cuda.InstructionSet}{NvidiaDriver()}",
        CLAccelerator openCl => $"{openCl.Device.DeviceVersion}, {openCl.VendorName}",
        _ => "none",
    };

    private static string NvidiaDriver() => File.Exists(NvidiaVersion) ? $", {File.ReadLines(NvidiaVersion).First().Trim()}" : "";
}
