using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using SeqInfer.Devices;

namespace SeqInfer.Gpu.Runtime;

/// <summary>A queue of copies and kernels that run one after the other, and the raw copies ILGPU's views cannot do without allocating.</summary>
internal sealed unsafe class GpuStream(GpuRuntime runtime, Accelerator accelerator, LaunchCounter launches) : IDisposable
{
    private const string CopyProblem = "a copy could not be started";

    private readonly AcceleratorStream _stream = accelerator.CreateStream();

    /// <summary>ILGPU's stream, for launches.</summary>
    public AcceleratorStream Native => _stream;

    /// <summary>Counts the kernels started in this queue.</summary>
    public LaunchCounter Launches => launches;

    /// <summary>Starts a copy to the device; the host memory must stay as it is until the next <see cref="Synchronize"/>.</summary>
    /// <exception cref="DeviceException">The device refuses it, or has been lost.</exception>
    public void Upload(nint host, MemoryBuffer target, long byteOffset, long byteCount)
    {
        nint place = target.NativePtr + (_stream is CLStream ? 0 : (nint)byteOffset);
        switch (_stream)
        {
            case CudaStream:
                Check(CudaAPI.CurrentAPI.MemcpyAsync(place, host, (nint)byteCount, _stream));
                break;
            case CLStream:
                Check(CLAPI.CurrentAPI.WriteBuffer(_stream, place, false, (nint)byteOffset, (nint)byteCount, host));
                break;
            default:
                Buffer.MemoryCopy((void*)host, (void*)place, byteCount, byteCount);
                break;
        }
    }

    /// <summary>Starts a copy to the host, which is complete after the next <see cref="Synchronize"/>.</summary>
    /// <exception cref="DeviceException">The device refuses it, or has been lost.</exception>
    public void Download(MemoryBuffer source, long byteOffset, nint host, long byteCount)
    {
        nint place = source.NativePtr + (_stream is CLStream ? 0 : (nint)byteOffset);
        switch (_stream)
        {
            case CudaStream:
                Check(CudaAPI.CurrentAPI.MemcpyAsync(host, place, (nint)byteCount, _stream));
                break;
            case CLStream:
                Check(CLAPI.CurrentAPI.ReadBuffer(_stream, place, false, (nint)byteOffset, (nint)byteCount, host));
                break;
            default:
                Buffer.MemoryCopy((void*)place, (void*)host, byteCount, byteCount);
                break;
        }
    }

    /// <summary>Waits until everything in the queue is done.</summary>
    /// <exception cref="DeviceException">Something in the queue failed, or the device has been lost.</exception>
    public void Synchronize()
    {
        try
        {
            _stream.Synchronize();
        }
        catch (AcceleratorException error)
        {
            throw runtime.Failure("what was started failed", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => runtime.Release(_stream);

    /// <summary>Throws unless a call of the driver succeeded.</summary>
    internal void Check(CudaError error)
    {
        if (error != CudaError.CUDA_SUCCESS)
            throw runtime.Failure($"{CopyProblem} ({error})", DriverErrors.OfCuda((int)error), null);
    }

    /// <summary>Throws unless a call of the driver succeeded.</summary>
    internal void Check(CLError error)
    {
        if (error != CLError.CL_SUCCESS)
            throw runtime.Failure($"{CopyProblem} ({error})", DriverErrors.OfOpenCl((int)error), null);
    }
}
