using SeqInfer.Devices;

namespace SeqInfer.Tests.Devices.Harness;

/// <summary>
/// The weights of one operation on one device, by the order in which a run asks for them: made by the first run, shared by those after it
/// (from any thread), freed at the end.
/// </summary>
internal sealed class OpWeights : IDisposable
{
    private readonly List<DeviceResource> _shared = [];
    private readonly List<DeviceResource> _own = [];

    public T Get<T>(int index, Func<T> create)
        where T : DeviceResource
    {
        lock (_shared)
        {
            if (index == _shared.Count)
                _shared.Add(create());
            return (T)_shared[index];
        }
    }

    /// <summary>Frees a resource of one run at the end, too.</summary>
    public T Keep<T>(T resource)
        where T : DeviceResource
    {
        lock (_own)
            _own.Add(resource);
        return resource;
    }

    public void Dispose()
    {
        foreach (DeviceResource resource in _shared.Concat(_own))
            resource.Dispose();
    }
}
