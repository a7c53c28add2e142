using System.Globalization;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace SeqInfer.Gpu.Runtime;

/// <summary>What a driver's error means for those who use the device.</summary>
internal enum DriverError
{
    /// <summary>This call failed; others may not.</summary>
    Refused,

    /// <summary>All calls from here on will fail.</summary>
    DeviceLost,

    /// <summary>Nothing compiled for this version will run.</summary>
    DriverTooOld,
}

/// <summary>Tells the errors of drivers apart by their numbers.</summary>
internal static class DriverErrors
{
    /// <summary>What an exception of ILGPU means.</summary>
    public static DriverError Of(Exception error) => error switch
    {
        CudaException cuda => OfCuda(NumberOf(cuda)),
        CLException openCl => OfOpenCl((int)openCl.Error),
        _ => DriverError.Refused,
    };

    /// <summary>What a CUresult means (CUDA driver API, "Data types used by CUDA driver").</summary>
    public static DriverError OfCuda(int number) => number switch
    {
        // 35: insufficient driver; 209: no binary for the GPU; 218, 222: PTX not understood, PTX version not supported;
        // 803, 804: libraries and driver do not fit each other
        35 or 209 or 218 or 222 or 803 or 804 => DriverError.DriverTooOld,

        // 4: deinitialized; 46: device unavailable; 101: invalid device; 201: invalid context; 214: uncorrectable ECC error; 220: NVLink error;
        // 700: illegal address; 702: time-out; 709: context destroyed; 710: assert; 714 .. 719: faults of kernels; 999: unknown
        4 or 46 or 101 or 201 or 214 or 220 or 700 or 702 or 709 or 710 or (>= 714 and <= 719) or 999 => DriverError.DeviceLost,
        _ => DriverError.Refused,
    };

    /// <summary>What an OpenCL error code means (OpenCL 3.0, appendix on error codes).</summary>
    public static DriverError OfOpenCl(int number) => number switch
    {
        // -3: no compiler; -42: invalid binary
        -3 or -42 => DriverError.DriverTooOld,

        // -2: device not available; -14: an event before failed; -33: invalid device; -34: invalid context; -36: invalid queue
        -2 or -14 or -33 or -34 or -36 => DriverError.DeviceLost,
        _ => DriverError.Refused,
    };

    // ILGPU keeps the name of the numbers it knows, and the digits of the others
    private static int NumberOf(CudaException error) => Enum.TryParse(error.Error, out CudaError known)
        ? (int)known
        : int.TryParse(error.Error, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
