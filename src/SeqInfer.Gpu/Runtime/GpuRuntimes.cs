using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using SeqInfer.Devices;

namespace SeqInfer.Gpu.Runtime;

/// <summary>Finds devices by their strings; each is opened once a process.</summary>
internal static class GpuRuntimes
{
    /// <summary>Environment variable that admits OpenCL devices without the generic address space.</summary>
    public const string RelaxedVariable = "SEQINFER_OPENCL_RELAXED";

    private const int DefaultSimulatedThreads = 2;
    private const int MaxSimulatedThreads = 256;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, GpuRuntime> Open = new(StringComparer.Ordinal);

    /// <summary>The CUDA device of a number, 0 when it is left out.</summary>
    /// <exception cref="DeviceException">There is none, or its driver refuses.</exception>
    public static GpuRuntime Cuda(string? argument)
    {
        int index = Number("cuda", argument, 0);
        return Get($"cuda:{index}", name =>
        {
            using Reservation<Context> context = new(CreateContext(builder => builder.Cuda()));
            Context.DeviceCollection<CudaDevice> devices = context.Value.GetCudaDevices();
            if (index >= devices.Count)
                throw new DeviceNotFoundException(name, Missing("CUDA", devices.Count, "is the NVIDIA driver (libcuda.so.1) installed?"));
            return new GpuRuntime(name, devices[index].CreateCudaAccelerator(context.Keep()));
        });
    }

    /// <summary>The OpenCL device of a number, 0 when it is left out.</summary>
    /// <exception cref="DeviceException">There is none, or it lacks what ILGPU asks for.</exception>
    public static GpuRuntime OpenCl(string? argument)
    {
        int index = Number("opencl", argument, 0);
        return Get($"opencl:{index}", name =>
        {
            bool isRelaxed = Environment.GetEnvironmentVariable(RelaxedVariable) == "1";
            using Reservation<Context> context = new(CreateContext(builder => builder.OpenCL(device => Admit(device, isRelaxed))));
            Context.DeviceCollection<CLDevice> devices = context.Value.GetCLDevices();
            if (index >= devices.Count)
                throw new DeviceNotFoundException(name, Missing("OpenCL", devices.Count, "is a driver (an ICD) with OpenCL 2.0 or later installed?"));
            CLDevice device = devices[index];
            if (!device.Capabilities.GenericAddressSpace)
            {
                throw new DeviceException(
                    name,
                    $"'{device.Name}' lacks the generic address space, which ILGPU asks for. The kernels of SeqInfer do not use it: "
                    + $"set {RelaxedVariable}=1 to run on it");
            }

            return new GpuRuntime(name, device.CreateCLAccelerator(context.Keep()));
        });
    }

    /// <summary>An OpenCL device that is a GPU, as opposed to a CPU's driver.</summary>
    /// <exception cref="DeviceException">There is none.</exception>
    public static GpuRuntime FirstOpenClGpu()
    {
        int index;
        using (Context context = CreateContext(builder => builder.OpenCL(_ => true)))
        {
            Context.DeviceCollection<CLDevice> devices = context.GetCLDevices();
            index = devices.Count - 1;
            while (index >= 0 && !devices[index].DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_GPU))
                index--;
        }

        return index >= 0
            ? OpenCl(index.ToString(CultureInfo.InvariantCulture))
            : throw new DeviceNotFoundException("opencl", "no OpenCL device is a GPU");
    }

    /// <summary>ILGPU's simulator, which runs kernels as .NET code; the argument is the number of threads of a group.</summary>
    /// <exception cref="DeviceException">The number of threads is no power of two from 2 to 256.</exception>
    public static GpuRuntime Simulator(string? argument)
    {
        int threads = Number("ilgpu-cpu", argument, DefaultSimulatedThreads);
        if (threads is < 2 or > MaxSimulatedThreads || !int.IsPow2(threads))
            throw new DeviceException($"ilgpu-cpu:{argument}", $"a group has a power of two from 2 to {MaxSimulatedThreads} threads");
        return Get($"ilgpu-cpu:{threads}", name => NewSimulator(name, threads, warp: 2));
    }

    /// <summary>A simulator that is shared with nobody.</summary>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The runtime keeps it as long as the process lives.")]
    public static GpuRuntime NewSimulator(string name, int threads, int warp) =>
        new(name, new CPUDevice(warp, threads / warp, 1).CreateCPUAccelerator(CreateContext(_ => { }), CPUAcceleratorMode.Parallel));

    private static GpuRuntime Get(string name, Func<string, GpuRuntime> open)
    {
        lock (Gate)
        {
            if (Open.TryGetValue(name, out GpuRuntime? runtime))
                return runtime;
            try
            {
                return Open[name] = open(name);
            }
            catch (Exception error) when (error is AcceleratorException or NotSupportedException or DllNotFoundException)
            {
                throw Refusal(name, error);
            }
        }
    }

    /// <summary>The error of a device that could not be opened.</summary>
    public static DeviceException Refusal(string name, Exception error)
    {
        // ILGPU says by NotSupportedException that it knows no instruction set which the driver takes
        string said = $"it could not be opened ({error.Message})";
        return error is NotSupportedException || DriverErrors.Of(error) == DriverError.DriverTooOld
            ? new DriverTooOldException(name, said, error)
            : new DeviceException(name, $"{said}; a newer driver may help", error);
    }

    /// <summary>A context with our compiler settings and intrinsics.</summary>
    public static Context CreateContext(Action<Context.Builder> addDevices)
    {
        NativeLibraries.Install();
        return Context.Create(builder =>
        {
            builder.Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive);
            Intrinsics.Register(builder);
            addDevices(builder);
        });
    }

    private static bool Admit(CLDevice device, bool isRelaxed)
    {
        if (isRelaxed)
            SetGenericAddressSpace(device.Capabilities, true);
        return true;
    }

    private static int Number(string scheme, string? argument, int fallback)
    {
        if (argument is null)
            return fallback;
        return int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new DeviceException($"{scheme}:{argument}", "a number is expected after the colon");
    }

    private static string Missing(string kind, int count, string hint) => count == 0
        ? $"there is no {kind} device; {hint}"
        : $"there are only {count} {kind} devices, numbered from 0";

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_GenericAddressSpace")]
    private static extern void SetGenericAddressSpace(CLCapabilityContext capabilities, bool value);

    /// <summary>Disposes a value unless it is kept.</summary>
    private sealed class Reservation<T>(T value) : IDisposable
        where T : class, IDisposable
    {
        private bool _isKept;

        public T Value => value;

        public T Keep()
        {
            _isKept = true;
            return value;
        }

        public void Dispose()
        {
            if (!_isKept)
                value.Dispose();
        }
    }
}
