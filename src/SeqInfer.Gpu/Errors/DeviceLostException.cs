using SeqInfer.Devices;

namespace SeqInfer.Gpu;

/// <summary>
/// The device stopped working while it was used: a fault of a kernel, a reset, a card that was removed. Nothing on it can be used any more, and every
/// further call gives this error; models and workspaces can be disposed as ever.
/// </summary>
public sealed class DeviceLostException : DeviceException
{
    /// <summary>Names the device and what the driver said.</summary>
    public DeviceLostException(string device, string problem, Exception? innerException = null)
        : base(device, $"{problem}. The device is lost: start the process again, or use another device", innerException)
    {
    }
}
