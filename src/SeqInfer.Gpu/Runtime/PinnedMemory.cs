using System.Runtime.InteropServices;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace SeqInfer.Gpu.Runtime;

/// <summary>Host memory that a device copies from and to without the driver's own staging: page-locked for CUDA, aligned for the others.</summary>
internal sealed unsafe class PinnedMemory : IDisposable
{
    private const int Alignment = 4096;
    private readonly bool _isCuda;
    private nint _address;

    public PinnedMemory(Accelerator accelerator, long byteCount)
    {
        ByteCount = byteCount;
        _isCuda = accelerator is CudaAccelerator;
        if (_isCuda)
            CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.AllocateHostMemory(out _address, (nint)byteCount));
        else
            _address = (nint)NativeMemory.AlignedAlloc((nuint)byteCount, Alignment);
    }

    ~PinnedMemory() => Free();

    public long ByteCount { get; }

    public nint Address => _address != 0 ? _address : throw new ObjectDisposedException(nameof(PinnedMemory));

    public Span<T> Span<T>(long byteOffset, int count)
        where T : unmanaged => new((byte*)Address + byteOffset, count);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        nint address = Interlocked.Exchange(ref _address, 0);
        if (address == 0)
            return;
        if (_isCuda)
            _ = CudaAPI.CurrentAPI.FreeHostMemory(address);
        else
            NativeMemory.AlignedFree((void*)address);
    }
}
