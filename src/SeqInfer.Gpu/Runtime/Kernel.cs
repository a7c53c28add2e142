using ILGPU;
using ILGPU.Runtime;
using SeqInfer.Devices;

namespace SeqInfer.Gpu.Runtime;

/// <summary>A kernel compiled for one device, taking one struct of arguments.</summary>
internal sealed class Kernel<TArgs>(GpuRuntime runtime, string name, Action<AcceleratorStream, KernelConfig, TArgs> launch)
    where TArgs : struct
{
    /// <summary>Name of the kernel, as its page in kernels-doc.</summary>
    public string Name { get; } = name;

    /// <summary>Puts the kernel into a queue.</summary>
    /// <exception cref="DeviceException">The device refuses it, or has been lost.</exception>
    public void Launch(GpuStream stream, Index2D groups, int groupSize, in TArgs args)
    {
        stream.Launches.Increment();
        KernelConfig config = new(new Index3D(groups.X, groups.Y, 1), new Index3D(groupSize, 1, 1));
        try
        {
            // An OpenCL kernel object carries its arguments, and the simulator runs one kernel at a time.
            if (runtime.LaunchGate is { } gate)
            {
                lock (gate)
                    launch(stream.Native, config, args);
            }
            else
            {
                launch(stream.Native, config, args);
            }
        }
        catch (AcceleratorException error)
        {
            throw runtime.Failure($"kernel '{Name}' could not be started", error);
        }
    }
}
