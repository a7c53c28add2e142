using SeqInfer.Devices;

namespace SeqInfer.Gpu;

/// <summary>The device's driver does not know what the kernels are written in.</summary>
public sealed class DriverTooOldException : DeviceException
{
    /// <summary>Names the device and what the driver said.</summary>
    public DriverTooOldException(string device, string problem, Exception? innerException = null)
        : base(device, $"{problem}. The driver is too old: install a newer one", innerException)
    {
    }
}
