using ILGPU;
using ILGPU.Runtime;
using SeqInfer.Gpu.Runtime;

namespace SeqInfer.Gpu.Devices;

/// <summary>Device memory that is written once.</summary>
internal sealed class GpuBuffer<T> : IDisposable
    where T : unmanaged
{
    private readonly GpuRuntime _runtime;
    private readonly MemoryBuffer1D<T, Stride1D.Dense> _memory;

    public GpuBuffer(GpuRuntime runtime, ReadOnlySpan<T> values, string what)
    {
        _runtime = runtime;
        _memory = runtime.Allocate<T>(values.Length, what);
        runtime.Fill(_memory, values);
    }

    public long ByteCount => _memory.IsDisposed ? 0 : _memory.LengthInBytes;

    public ArrayView<T> View => _memory.View.AsContiguous();

    public void Dispose() => _runtime.Release(_memory);
}

/// <summary>Buffers that may be missing.</summary>
internal static class GpuBuffer
{
    /// <summary>The memory of weights that are there.</summary>
    /// <exception cref="InvalidOperationException">They stand in for a missing tensor.</exception>
    public static ArrayView<float> View(GpuBuffer<float>? buffer) =>
        buffer is null ? throw new InvalidOperationException("the weights stand in for a missing tensor and have no values") : buffer.View;
}
