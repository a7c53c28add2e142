using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels.Recurrent;
using SeqInfer.Gpu.Kernels.Rows;
using SeqInfer.Gpu.Kernels.TensorCores;

namespace SeqInfer.Gpu.Runtime;

/// <summary>
/// One physical device with its compiled kernels, shared by all devices of the op set on it and kept for the life of the process: loading
/// a model again compiles nothing.
/// </summary>
internal sealed class GpuRuntime : IKernelLoader
{
    // Groups this small make the simulator's barriers cheap; group kernels need more threads.
    private const int TunedGroupSize = 64;

    // Blocks of grid-stride loops a multiprocessor gets: enough to hide latency, few enough to be cheap to start.
    private const int GroupsPerMultiprocessor = 16;

    private readonly Accelerator _accelerator;
    private readonly Lock _tensorGate = new();
    private readonly Dictionary<MatrixPrecision, Kernel<TensorLinearArgs>> _tensorLinear = [];
    private DeviceLostException? _lost;

    public GpuRuntime(string name, Accelerator accelerator)
    {
        Name = name;
        _accelerator = accelerator;
        bool isSimulator = accelerator.AcceleratorType == AcceleratorType.CPU;
        GroupSize = Math.Min(SharedLanes.MaxGroupSize, 1 << BitOperations.Log2((uint)accelerator.MaxNumThreadsPerGroup));
        IsTuned = GroupSize >= TunedGroupSize;
        MaxGroups = isSimulator ? 1 : Math.Max(1, accelerator.NumMultiprocessors) * GroupsPerMultiprocessor;
        ColumnThreads = accelerator.AcceleratorType == AcceleratorType.Cuda ? ColumnRecurrentKernel.MaxColumns : GroupSize;
        Selection = isSimulator ? new SelectionPlan(8, 8) : new SelectionPlan(MaxGroups, SelectionPlan.UsualPart);
        LaunchGate = accelerator.AcceleratorType == AcceleratorType.Cuda ? null : new Lock();
        Nothing = Allocate<float>(1, "the placeholder of absent operands");
        Kernels = new KernelTable(this);
    }

    /// <summary>The device string.</summary>
    public string Name { get; }

    /// <summary>What the driver calls the device.</summary>
    public string HardwareName => _accelerator.Name;

    /// <summary>ILGPU's view of the device: sizes, versions and what the driver tells of it.</summary>
    public Accelerator Accelerator => _accelerator;

    /// <summary>"cuda", "opencl" or "cpu".</summary>
    public string Kind => _accelerator.AcceleratorType switch
    {
        AcceleratorType.Cuda => "cuda",
        AcceleratorType.OpenCL => "opencl",
        _ => "cpu",
    };

    /// <inheritdoc/>
    public bool IsTuned { get; }

    /// <summary>Threads of a group, a power of two.</summary>
    public int GroupSize { get; }

    /// <summary>Threads of a group that keeps the weights of a recurrent layer in registers: with as many as CUDA takes, OpenCL devices may have too few.</summary>
    public int ColumnThreads { get; }

    /// <summary>The most groups a grid-stride kernel is started with.</summary>
    public int MaxGroups { get; }

    // The simulator can stand in for them where it has whole warps
    private bool HasTensorCores => _accelerator is CudaAccelerator cuda
        ? cuda.Architecture >= CudaArchitecture.SM_80
        : _accelerator is CPUAccelerator && IsTuned && _accelerator.WarpSize == TensorCore.WarpSize;

    /// <summary>How rows are split for selection.</summary>
    public SelectionPlan Selection { get; }

    /// <summary>Held while a kernel is started, where only one may be at a time; or null.</summary>
    public Lock? LaunchGate { get; }

    /// <summary>The kernels.</summary>
    public KernelTable Kernels { get; }

    /// <summary>What stands for operands that are not there.</summary>
    public MemoryBuffer1D<float, Stride1D.Dense> Nothing { get; }

    /// <summary>The linear layer on tensor cores, compiled when a device first asks for it.</summary>
    /// <exception cref="DeviceException">The device has none.</exception>
    public Kernel<TensorLinearArgs> TensorLinear(MatrixPrecision precision)
    {
        if (!HasTensorCores)
        {
            throw new DeviceException(
                Name,
                $"{precision} is asked for, which takes a CUDA device with tensor cores (compute capability 8.0 or later); leave it out to compute in "
                + "single precision");
        }

        lock (_tensorGate)
        {
            if (!_tensorLinear.TryGetValue(precision, out Kernel<TensorLinearArgs>? kernel))
                _tensorLinear[precision] = kernel = TensorKernels.Load(this, precision);
            return kernel;
        }
    }

    /// <summary>Makes the device the current one of the calling thread, which drivers and ILGPU ask for.</summary>
    /// <exception cref="DeviceLostException">The device has been lost.</exception>
    public void Bind()
    {
        if (Volatile.Read(ref _lost) is { } lost)
            throw new DeviceLostException(Name, "it failed before", lost);
        _accelerator.Bind();
    }

    /// <summary>Frees something of the device. What a lost device held is gone already.</summary>
    public void Release(IDisposable? resource)
    {
        if (resource is null)
            return;
        try
        {
            _accelerator.Bind();
            resource.Dispose();
        }
        catch (AcceleratorException error) when (_lost is not null || DriverErrors.Of(error) == DriverError.DeviceLost)
        {
        }
    }

    /// <summary>The error to throw for one of the driver's; remembers that the device is lost.</summary>
    public DeviceException Failure(string problem, Exception error) => Failure($"{problem} ({error.Message})", DriverErrors.Of(error), error);

    /// <summary>The error to throw for one of a known kind; remembers that the device is lost.</summary>
    public DeviceException Failure(string said, DriverError kind, Exception? error)
    {
        switch (kind)
        {
            case DriverError.DeviceLost:
                DeviceLostException lost = new(Name, said, error);
                Interlocked.CompareExchange(ref _lost, lost, null);
                return lost;
            case DriverError.DriverTooOld:
                return new DriverTooOldException(Name, said, error);
            default:
                return new DeviceException(Name, said, error);
        }
    }

    /// <summary>Makes a queue.</summary>
    /// <exception cref="DeviceException">The device refuses.</exception>
    public GpuStream CreateStream(LaunchCounter launches) => Guard("a queue could not be made", () => new GpuStream(this, _accelerator, launches));

    public PinnedMemory CreatePinned(long byteCount) =>
        Guard($"{byteCount} bytes of page-locked host memory could not be had", () => new PinnedMemory(_accelerator, byteCount));

    /// <summary>Takes device memory.</summary>
    /// <exception cref="DeviceException">There is not that much.</exception>
    public MemoryBuffer1D<T, Stride1D.Dense> Allocate<T>(long count, string what)
        where T : unmanaged =>
        Guard($"{count * Interop.SizeOf<T>()} bytes for {what} could not be had of the device's {_accelerator.MemorySize}: "
            + "load a smaller model, or make workspaces for smaller batches", () => _accelerator.Allocate1D<T>(Math.Max(count, 1)));

    /// <summary>Copies values to the start of a buffer and waits for it.</summary>
    public void Fill<T>(MemoryBuffer1D<T, Stride1D.Dense> target, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        if (values.IsEmpty)
            return;
        using GpuStream stream = CreateStream(new LaunchCounter());
        unsafe
        {
            fixed (T* host = values)
            {
                stream.Upload((nint)host, target, 0, (long)values.Length * sizeof(T));
                stream.Synchronize();
            }
        }
    }

    /// <inheritdoc/>
    public Kernel<TArgs> Load<TArgs>(string name, Action<TArgs> method, int? maxGroupSize = null)
        where TArgs : struct =>
        Guard($"kernel '{name}' could not be compiled", () => new Kernel<TArgs>(this, name, _accelerator.LoadKernel(
            method, new KernelSpecialization(maxGroupSize is { } most ? Math.Min(most, _accelerator.MaxNumThreadsPerGroup) : null, null))));

    private T Guard<T>(string problem, Func<T> action)
    {
        try
        {
            Bind();
            return action();
        }
        catch (Exception error) when (error is AcceleratorException or InternalCompilerException or NotSupportedException or OutOfMemoryException)
        {
            throw Failure(problem, error);
        }
    }
}
