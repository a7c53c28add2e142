using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Devices;

/// <summary>
/// The op set: everything a model's forward pass is made of, on one kind of hardware.
/// A model is written once against it and runs on every device.
/// </summary>
/// <remarks>
/// Every operation checks shapes, windows and ids here, before the device's own code runs, so that no unchecked index reaches a kernel.
/// Operations are thread-safe as long as each thread has its own <see cref="Workspace"/>.
/// A device holds the weights it made; disposing it frees them.
/// </remarks>
public abstract partial class Device : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<DeviceResource> _resources = [];
    private bool _disposed;

    /// <summary>Short name, as device strings name it: "cpu", "reference".</summary>
    public abstract string Name { get; }

    /// <summary>The kernels that were chosen for this machine, such as "x64-f32-avx512".</summary>
    public abstract string KernelName { get; }

    /// <summary>True where it computes in double precision, so that floats do not hold what it computed.</summary>
    public virtual bool IsDouble => false;

    /// <summary>Threads of the host that may share a call, the caller's among them: work that is cut into runs has enough for each in a run.</summary>
    public virtual int Threads => 1;

    /// <summary>
    /// Elements of windows that a forward pass should have in use at once where it may choose: as many as stay in a cache that is much faster
    /// than memory. A model cuts its batch accordingly.
    /// </summary>
    public virtual long PreferredElements => long.MaxValue;

    /// <summary>
    /// True where a layer in which one row a sequence asks should carry that row to the others' side instead of projecting all of them: fewer
    /// multiply-adds in more operations.
    /// </summary>
    public virtual bool CarriesSingleQueries => true;

    /// <summary>Bytes of memory its weights hold; what stays in the weights file does not count.</summary>
    public long ByteCount
    {
        get
        {
            lock (_gate)
                return _resources.Sum(resource => resource.ByteCount);
        }
    }

    /// <summary>True where operations start kernels on hardware of the device's own; false where they run on the caller's thread.</summary>
    public virtual bool StartsKernels => false;

    /// <summary>Kernels it has started; stays 0 where <see cref="StartsKernels"/> is false.</summary>
    public virtual long LaunchCount => 0;

    /// <summary>Creates an arena for this device.</summary>
    public abstract Workspace CreateWorkspace(WorkspaceSize size);

    /// <summary>Creates a workspace that only measures.</summary>
    public static Workspace CreatePlanner() => new PlanningWorkspace();

    /// <summary>Copies host values, row after row, into a window.</summary>
    /// <exception cref="ArgumentException">The number of values is not the window's number of elements.</exception>
    public void Write(Workspace workspace, ReadOnlySpan<float> source, Tensor target)
    {
        Begin(workspace);
        workspace.Check(target, nameof(target));
        if (source.Length != target.ElementCount)
            throw new ArgumentException($"{source.Length} values for a window {target}", nameof(source));
        if (!workspace.IsPlanning && !target.IsEmpty)
            WriteCore(workspace, source, target);
    }

    /// <summary>Copies host values, row after row, into a window; what <see cref="Read(Workspace, Tensor, Span{double})"/> gave comes back exactly.</summary>
    /// <exception cref="ArgumentException">The number of values is not the window's number of elements.</exception>
    public void Write(Workspace workspace, ReadOnlySpan<double> source, Tensor target)
    {
        Begin(workspace);
        workspace.Check(target, nameof(target));
        if (source.Length != target.ElementCount)
            throw new ArgumentException($"{source.Length} values for a window {target}", nameof(source));
        if (!workspace.IsPlanning && !target.IsEmpty)
            WriteCore(workspace, source, target);
    }

    /// <summary>Copies a window, row after row, to the host as floats.</summary>
    /// <exception cref="ArgumentException">The number of values is not the window's number of elements.</exception>
    public void Read(Workspace workspace, Tensor source, Span<float> target)
    {
        CheckRead(workspace, source, target.Length);
        if (!workspace.IsPlanning && !source.IsEmpty)
            ReadCore(workspace, source, target);
    }

    /// <summary>Copies a window, row after row, to the host as doubles; exact on every device.</summary>
    /// <exception cref="ArgumentException">The number of values is not the window's number of elements.</exception>
    public void Read(Workspace workspace, Tensor source, Span<double> target)
    {
        CheckRead(workspace, source, target.Length);
        if (!workspace.IsPlanning && !source.IsEmpty)
            ReadCore(workspace, source, target);
    }

    /// <summary>Gives a window's values where they lie, row after row; valid until the workspace is reset or its windows are reused.</summary>
    /// <param name="workspace">Holds the window.</param>
    /// <param name="source">The window.</param>
    /// <param name="values">The values.</param>
    /// <returns>False where they are not floats in the host's memory, or have gaps between rows: then they can be read as a copy.</returns>
    internal bool TryView(Workspace workspace, Tensor source, out ReadOnlySpan<float> values)
    {
        Begin(workspace);
        workspace.Check(source, nameof(source));
        values = default;
        bool isDense = source.RowCount <= 1 || source.Stride == source.ColumnCount;
        return !workspace.IsPlanning && isDense && source.ElementCount <= int.MaxValue && (source.IsEmpty || TryViewCore(workspace, source, out values));
    }

    /// <summary>Copies a window into a table that lives as long as the device: results that are the same for every request.</summary>
    public Table Freeze(Workspace workspace, Tensor source)
    {
        Begin(workspace);
        workspace.Check(source, nameof(source));
        double[] values = new double[source.ElementCount];
        if (!workspace.IsPlanning)
            Read(workspace, source, values);
        return CreateTable(Parameter.FromValues("frozen", source.RowCount, source.ColumnCount, values));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <exception cref="ObjectDisposedException">The device has been disposed and would never free the resource.</exception>
    internal void Track(DeviceResource resource)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _resources.Add(resource);
        }
    }

    internal void Forget(DeviceResource resource)
    {
        lock (_gate)
            _resources.Remove(resource);
    }

    /// <summary>Frees the weights.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        DeviceResource[] resources;
        lock (_gate)
        {
            _disposed = true;
            resources = [.. _resources];
        }

        foreach (DeviceResource resource in resources)
            resource.Dispose();
    }

    /// <summary>Copies checked host values into a window.</summary>
    protected abstract void WriteCore(Workspace workspace, ReadOnlySpan<float> source, Tensor target);

    /// <summary>Copies checked host values into a window; devices that compute in float round them.</summary>
    protected virtual void WriteCore(Workspace workspace, ReadOnlySpan<double> source, Tensor target)
    {
        Span<float> values = stackalloc float[256];
        for (int row = 0; row < target.RowCount; row++)
        {
            for (int column = 0; column < target.ColumnCount; column += values.Length)
            {
                Span<float> part = values[..Math.Min(values.Length, target.ColumnCount - column)];
                for (int i = 0; i < part.Length; i++)
                    part[i] = (float)source[i];
                WriteCore(workspace, part, target.Rows(row, 1).Columns(column, part.Length));
                source = source[part.Length..];
            }
        }
    }

    /// <summary>Gives a checked window without gaps where it lies; by default it cannot be had.</summary>
    internal virtual bool TryViewCore(Workspace workspace, Tensor source, out ReadOnlySpan<float> values)
    {
        values = default;
        return false;
    }

    /// <summary>Copies a checked window to the host.</summary>
    protected abstract void ReadCore(Workspace workspace, Tensor source, Span<float> target);

    /// <summary>Copies a checked window to the host.</summary>
    protected abstract void ReadCore(Workspace workspace, Tensor source, Span<double> target);

    /// <summary>True when the workspace was made by this device.</summary>
    protected abstract bool Owns(Workspace workspace);

    private void CheckRead(Workspace workspace, Tensor source, int length)
    {
        Begin(workspace);
        workspace.Check(source, nameof(source));
        if (length != source.ElementCount)
            throw new ArgumentException($"{length} places for a window {source}", nameof(source));
    }

    private void Begin(Workspace workspace)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!workspace.IsPlanning && !Owns(workspace))
            throw new ArgumentException($"the workspace was not made by the device '{Name}'", nameof(workspace));
    }

    private void Begin(Workspace workspace, DeviceResource resource)
    {
        Begin(workspace);
        if (resource.Device != this)
            throw new ArgumentException($"the weights belong to another device, '{resource.Device.Name}'", nameof(resource));
        ObjectDisposedException.ThrowIf(resource.IsDisposed, resource);
    }

    private sealed class PlanningWorkspace() : Workspace(default, planning: true)
    {
        public override long ByteCount => 0;
    }
}
