using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels;
using SeqInfer.Gpu.Kernels.Graph;
using SeqInfer.Gpu.Runtime;
using SeqInfer.Tensors;

namespace SeqInfer.Gpu.Devices;

/// <summary>
/// An arena in one buffer of device memory, with a queue of its own. Integers live in host memory, where models write them; the device has
/// a copy, and an operation sends over only what has changed since it was last sent.
/// </summary>
internal sealed class GpuWorkspace : Workspace
{
    // Copies of floats go through staging buffers of so many elements at most
    private const int MaxStagedElements = 1 << 18;
    private const int MinStagedElements = 1 << 8;

    private readonly GpuRuntime _runtime;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _arena;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _integers;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _deviceStaging;
    private readonly PinnedMemory _uploads;
    private readonly PinnedMemory _downloads;
    private readonly int[] _sent;
    private readonly int _stagedElements;
    private long _uploadTop;
    private bool _isDisposed;

    public GpuWorkspace(GpuRuntime runtime, WorkspaceSize size, LaunchCounter launches)
        : base(size, planning: false)
    {
        _runtime = runtime;
        _stagedElements = (int)Math.Clamp(size.Elements, MinStagedElements, MaxStagedElements);
        Stream = runtime.CreateStream(launches);
        try
        {
            _arena = runtime.Allocate<float>(size.Elements, "a workspace");
            _integers = runtime.Allocate<int>(size.Indices, "the integers of a workspace");
            _deviceStaging = runtime.Allocate<float>(_stagedElements, "the staging of a workspace");
            _downloads = runtime.CreatePinned(4L * _stagedElements);
            _uploads = runtime.CreatePinned(4L * Math.Max(_stagedElements, size.Indices));
        }
        catch (DeviceException)
        {
            Dispose();
            throw;
        }

        // What has been sent is compared with what is to be sent: both sides begin with zeros
        _sent = new int[size.Indices];
        if (_sent.Length > 0)
            Stream.Upload(_uploads.Address + (nint)Stage(MemoryMarshal.AsBytes(_sent.AsSpan())), _integers, 0, 4L * _sent.Length);
    }

    /// <inheritdoc/>
    public override long ByteCount => _isDisposed ? 0 : (4 * _arena.Length) + (8L * Capacity.Indices) + (12L * _stagedElements);

    /// <summary>The queue.</summary>
    public GpuStream Stream { get; }

    /// <summary>True when the arena was made on this device.</summary>
    public bool IsOn(GpuRuntime runtime) => _runtime == runtime;

    /// <summary>A checked window as kernels see it.</summary>
    public Window Window(Tensor tensor)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new Window(View(tensor), tensor.Stride);
    }

    /// <summary>A window that may be absent.</summary>
    public Window Window(Tensor? tensor) => tensor is { } window ? Window(window) : new Window(_runtime.Nothing.View.AsContiguous(), 0);

    /// <summary>A window whose columns kernels take four at a time.</summary>
    public QuadColumns Quads(Tensor tensor) => new(
        Window(tensor), tensor.ColumnCount, tensor.Offset % QuadColumns.Width == 0 && tensor.Stride % QuadColumns.Width == 0 ? 1 : 0);

    /// <summary>A window that kernels ask whether it is there.</summary>
    public Optional Optional(Tensor? tensor) => new(Window(tensor), tensor is null ? 0 : 1);

    /// <summary>The memory of a window without gaps, as integers that only kernels see.</summary>
    public ArrayView<int> Integers(Tensor tensor) => View(tensor).Cast<int>();

    /// <summary>The memory of a window without gaps.</summary>
    public ArrayView<float> View(Tensor tensor)
    {
        if (tensor.IsEmpty)
            return _arena.View.AsContiguous().SubView(0, 0);
        long length = ((long)(tensor.RowCount - 1) * tensor.Stride) + tensor.ColumnCount;
        return _arena.View.AsContiguous().SubView(tensor.Offset, length);
    }

    /// <summary>Integers on the device, as the host has them now.</summary>
    public ArrayView<int> Send(Indices indices)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (indices.Count == 0)
            return _integers.View.AsContiguous().SubView(0, 0);
        ReadOnlySpan<int> values = Span(indices);
        Span<int> sent = _sent.AsSpan(indices.Offset, indices.Count);
        if (!values.SequenceEqual(sent))
        {
            values.CopyTo(sent);
            long start = Stage(MemoryMarshal.AsBytes(values));
            Stream.Upload(_uploads.Address + (nint)start, _integers, 4L * indices.Offset, 4L * indices.Count);
        }

        return _integers.View.AsContiguous().SubView(indices.Offset, indices.Count);
    }

    /// <summary>Offsets on the device.</summary>
    public Sequences Send(Ragged sequences) => new(Send(sequences.Offsets), sequences.Count);

    /// <summary>Copies integers that a kernel left in a window without gaps to the host, after everything in the queue.</summary>
    public void Receive(Tensor source, Span<int> target) => Receive(source.Offset, MemoryMarshal.Cast<int, float>(target));

    /// <summary>Copies floats to the device, as many as staging holds.</summary>
    public void Upload(ReadOnlySpan<float> values, long offset)
    {
        for (int i = 0; i < values.Length; i += _stagedElements)
        {
            ReadOnlySpan<float> part = values.Slice(i, Math.Min(_stagedElements, values.Length - i));
            long start = Stage(MemoryMarshal.AsBytes(part));
            Stream.Upload(_uploads.Address + (nint)start, _arena, 4 * (offset + i), 4L * part.Length);
        }
    }

    /// <summary>Copies floats of the arena to the host and waits for them.</summary>
    public void Receive(long offset, Span<float> target)
    {
        for (int i = 0; i < target.Length; i += _stagedElements)
        {
            Span<float> part = target.Slice(i, Math.Min(_stagedElements, target.Length - i));
            Stream.Download(_arena, 4 * (offset + i), _downloads.Address, 4L * part.Length);
            Stream.Synchronize();
            _uploadTop = 0;
            _downloads.Span<float>(0, part.Length).CopyTo(part);
        }
    }

    /// <summary>Copies values to the staging buffer, which holds them.</summary>
    public void UploadStaging(ReadOnlySpan<float> values)
    {
        long start = Stage(MemoryMarshal.AsBytes(values));
        Stream.Upload(_uploads.Address + (nint)start, _deviceStaging, 0, 4L * values.Length);
    }

    /// <summary>Elements that one staged copy takes.</summary>
    public int StagedElements => _stagedElements;

    /// <summary>The device's staging buffer as a matrix without gaps.</summary>
    public Window Staging(int columns) => new(_deviceStaging.View.AsContiguous(), columns);

    /// <summary>Copies what a kernel left in the staging buffer to the host and waits for it.</summary>
    public void ReceiveStaging(Span<float> target)
    {
        Stream.Download(_deviceStaging, 0, _downloads.Address, 4L * target.Length);
        Stream.Synchronize();
        _uploadTop = 0;
        _downloads.Span<float>(0, target.Length).CopyTo(target);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing || _isDisposed)
            return;
        _isDisposed = true;
        Drain();
        _runtime.Release(_arena);
        _runtime.Release(_integers);
        _runtime.Release(_deviceStaging);
        _runtime.Release(_uploads);
        _runtime.Release(_downloads);
        Stream?.Dispose();
    }

    /// <summary>Waits for the queue, in which a lost device leaves nothing.</summary>
    private void Drain()
    {
        try
        {
            _runtime.Bind();
            Stream?.Synchronize();
        }
        catch (DeviceLostException)
        {
        }
    }

    /// <summary>Copies bytes to memory that stays as it is until the queue has been waited for.</summary>
    private long Stage(ReadOnlySpan<byte> values)
    {
        if (_uploadTop + values.Length > _uploads.ByteCount)
        {
            Stream.Synchronize();
            _uploadTop = 0;
        }

        long start = _uploadTop;
        values.CopyTo(_uploads.Span<byte>(start, values.Length));
        _uploadTop += (values.Length + 63) / 64 * 64;
        return start;
    }
}
