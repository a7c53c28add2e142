namespace SeqInfer.Devices;

/// <summary>A device that cannot be had: an unknown name, missing hardware, or memory that is not there.</summary>
public class DeviceException : SeqInferException
{
    /// <summary>Names the device and what to do.</summary>
    public DeviceException(string device, string problem, Exception? innerException = null)
        : base($"device '{device}': {problem}", innerException) => Device = device;

    /// <summary>The device string.</summary>
    public string Device { get; }
}

/// <summary>A device of a kind that this machine has none of, or not as many.</summary>
public sealed class DeviceNotFoundException : DeviceException
{
    /// <summary>Names the device and what to do.</summary>
    public DeviceNotFoundException(string device, string problem)
        : base(device, problem)
    {
    }
}
