using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Gpu;

/// <summary>What the bench asks of devices beyond the op set. Builds without ILGPU have none.</summary>
internal interface IHardware
{
    /// <summary>Device strings of what is there: CUDA, OpenCL, and the simulator last.</summary>
    /// <param name="refused">Told of each device that is there and cannot be opened.</param>
    IReadOnlyList<string> Find(Action<DeviceException> refused);

    /// <summary>What a device says of itself.</summary>
    /// <exception cref="DeviceException">There is no such device.</exception>
    DeviceFacts Describe(string device);

    /// <summary>Measures what a device can do.</summary>
    DeviceLimits Measure(string device, bool isQuick);

    /// <summary>Bytes of memory that nobody has taken; null where the driver does not tell.</summary>
    long? FreeBytes(string device);

    /// <summary>Waits until all that was started in an arena's queue is done; does nothing for a device that has no queues.</summary>
    void Wait(Workspace arena);
}
