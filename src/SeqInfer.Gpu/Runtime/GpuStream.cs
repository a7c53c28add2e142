using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace SeqInfer.Gpu.Runtime;

/// <summary>A queue of copies and kernels that run one after the other, and the raw copies ILGPU's views cannot do without allocating.</summary>
internal sealed unsafe class GpuStream(Accelerator accelerator, LaunchCounter launches) : IDisposable
{
    private readonly AcceleratorStream _stream = accelerator.CreateStream();

    /// <summary>ILGPU's stream, for launches.</summary>
    public AcceleratorStream Native => _stream;

    /// <summary>Counts the kernels started in this queue.</summary>
    public LaunchCounter Launches => launches;

    /// <summary>Starts a copy to the device; the host memory must stay as it is until the next <see cref="Synchronize"/>.</summary>
    public void Upload(nint host, MemoryBuffer target, long byteOffset, long byteCount)
    {
        switch (_stream)
        {
            case CudaStream:
                CudaException.ThrowIfFailed(
                    CudaAPI.CurrentAPI.MemcpyAsync(target.NativePtr + (nint)byteOffset, host, (nint)byteCount, _stream));
                break;
            case CLStream:
                CLException.ThrowIfFailed(
                    CLAPI.CurrentAPI.WriteBuffer(_stream, target.NativePtr, false, (nint)byteOffset, (nint)byteCount, host));
                break;
            default:
                Buffer.MemoryCopy((void*)host, (byte*)target.NativePtr + byteOffset, byteCount, byteCount);
                break;
        }
    }

    /// <summary>Starts a copy to the host, which is complete after the next <see cref="Synchronize"/>.</summary>
    public void Download(MemoryBuffer source, long byteOffset, nint host, long byteCount)
    {
        switch (_stream)
        {
            case CudaStream:
                CudaException.ThrowIfFailed(
                    CudaAPI.CurrentAPI.MemcpyAsync(host, source.NativePtr + (nint)byteOffset, (nint)byteCount, _stream));
                break;
            case CLStream:
                CLException.ThrowIfFailed(
                    CLAPI.CurrentAPI.ReadBuffer(_stream, source.NativePtr, false, (nint)byteOffset, (nint)byteCount, host));
                break;
            default:
                Buffer.MemoryCopy((byte*)source.NativePtr + byteOffset, (void*)host, byteCount, byteCount);
                break;
        }
    }

    /// <summary>Waits until everything in the queue is done.</summary>
    public void Synchronize() => _stream.Synchronize();

    public void Dispose() => _stream.Dispose();
}
