namespace SeqInfer.Devices;

/// <summary>What <see cref="Device.Best"/> chose and why.</summary>
/// <param name="Device">The device; the caller disposes it.</param>
/// <param name="Refused">The devices that were tried before and cannot be had, with their reasons.</param>
public sealed record DeviceChoice(Device Device, IReadOnlyList<DeviceException> Refused)
{
    /// <summary>One line: the device, its kernels and what is wrong with the better ones.</summary>
    public override string ToString() => $"{Device.Name} ({Device.KernelName})"
        + string.Concat(Refused.Select(error => $"; not {error.Message}"));
}

public abstract partial class Device
{
    private static readonly Lock PreferenceGate = new();
    private static readonly List<(string Scheme, Func<Device> Create)> Preferred = [];

    /// <summary>
    /// Creates the best device of this machine: the first of the preferred ones that can be had, else the CPU. It is the only place that
    /// tries one device after another, and it says what it chose; <see cref="Parse"/> never falls back.
    /// </summary>
    public static DeviceChoice Best()
    {
        (string Scheme, Func<Device> Create)[] candidates;
        lock (PreferenceGate)
            candidates = [.. Preferred];
        List<DeviceException> refused = [];
        foreach ((_, Func<Device> create) in candidates)
        {
            try
            {
                return new DeviceChoice(create(), refused);
            }
            catch (DeviceException error)
            {
                refused.Add(error);
            }
        }

        return new DeviceChoice(Parse("cpu"), refused);
    }

    /// <summary>Has <see cref="Best"/> try a kind of device before the CPU and after those that were preferred earlier.</summary>
    /// <param name="scheme">Its name; preferring it again replaces how it is made.</param>
    /// <param name="create">Makes it, or throws a <see cref="DeviceException"/> that says why not.</param>
    public static void Prefer(string scheme, Func<Device> create)
    {
        lock (PreferenceGate)
        {
            int known = Preferred.FindIndex(entry => entry.Scheme == scheme);
            if (known < 0)
                Preferred.Add((scheme, create));
            else
                Preferred[known] = (scheme, create);
        }
    }
}
