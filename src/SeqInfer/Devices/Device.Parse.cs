using System.Collections.Concurrent;
using SeqInfer.Devices.Cpu;
using SeqInfer.Devices.Reference;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Devices;

public abstract partial class Device
{
    private static readonly ConcurrentDictionary<string, Func<string?, Device>> Factories = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cpu"] = CpuDevice.FromArguments,
        ["reference"] = argument => argument is null
            ? new ReferenceDevice()
            : throw new DeviceException($"reference:{argument}", "the reference device has no variants"),
    };

    /// <summary>
    /// Creates a device from its string: "cpu" (the best instruction set, or the one that SEQINFER_ISA names), "cpu:avx512", "cpu:avx2",
    /// "cpu:vector128", "cpu:scalar", any of them with threads that help a caller ("cpu:threads=2", "cpu:avx2,threads=2"), "reference"
    /// (double precision, slow, what tests compare with), or one that was registered.
    /// </summary>
    /// <exception cref="DeviceException">No device of that name; the message lists those there are.</exception>
    /// <exception cref="IsaException">The machine lacks the instruction set.</exception>
    public static Device Parse(string device)
    {
        int colon = device.IndexOf(':', StringComparison.Ordinal);
        string scheme = colon < 0 ? device : device[..colon];
        return Factories.TryGetValue(scheme, out Func<string?, Device>? create)
            ? create(colon < 0 ? null : device[(colon + 1)..])
            : throw new DeviceException(device, $"unknown; there are: {string.Join(", ", Factories.Keys.Order(StringComparer.Ordinal))}");
    }

    /// <summary>Makes a kind of device known to <see cref="Parse"/>.</summary>
    /// <param name="scheme">What stands before the colon.</param>
    /// <param name="create">Gets what stands after the colon, or null.</param>
    public static void Register(string scheme, Func<string?, Device> create) => Factories[scheme] = create;

}
