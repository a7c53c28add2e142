using System.Runtime.InteropServices;

namespace SeqInfer.Bench.OnnxRuntime;

/// <summary>
/// The functions of the OrtApi table that the benchmarks call, by their place in it. The table only ever grows at its end, so a place
/// holds for every version; onnxruntime_c_api.cc pins places 101, 118, 130 and 149 as the ends of versions 1, 2, 4 and 5.
/// A function that returns a status returns null for success.
/// </summary>
internal readonly unsafe struct OrtApi(nint* table)
{
    public delegate* unmanaged[Cdecl]<nint, byte*> GetErrorMessage => (delegate* unmanaged[Cdecl]<nint, byte*>)table[2];

    public delegate* unmanaged[Cdecl]<int, byte*, nint*, nint> CreateEnv => (delegate* unmanaged[Cdecl]<int, byte*, nint*, nint>)table[3];

    /// <summary>Takes a path: on Windows as UTF-16, elsewhere as UTF-8.</summary>
    public delegate* unmanaged[Cdecl]<nint, void*, nint, nint*, nint> CreateSession => (delegate* unmanaged[Cdecl]<nint, void*, nint, nint*, nint>)table[7];

    public delegate* unmanaged[Cdecl]<nint, void*, nuint, nint, nint*, nint> CreateSessionFromArray =>
        (delegate* unmanaged[Cdecl]<nint, void*, nuint, nint, nint*, nint>)table[8];

    public delegate* unmanaged[Cdecl]<nint*, nint> CreateSessionOptions => (delegate* unmanaged[Cdecl]<nint*, nint>)table[10];

    public delegate* unmanaged[Cdecl]<nint, int, nint> SetSessionGraphOptimizationLevel => (delegate* unmanaged[Cdecl]<nint, int, nint>)table[23];

    public delegate* unmanaged[Cdecl]<nint, int, nint> SetIntraOpNumThreads => (delegate* unmanaged[Cdecl]<nint, int, nint>)table[24];

    public delegate* unmanaged[Cdecl]<nint, int, nint> SetInterOpNumThreads => (delegate* unmanaged[Cdecl]<nint, int, nint>)table[25];

    public delegate* unmanaged[Cdecl]<nint, nuint*, nint> SessionGetInputCount => (delegate* unmanaged[Cdecl]<nint, nuint*, nint>)table[30];

    public delegate* unmanaged[Cdecl]<nint, nuint*, nint> SessionGetOutputCount => (delegate* unmanaged[Cdecl]<nint, nuint*, nint>)table[31];

    public delegate* unmanaged[Cdecl]<nint, nuint, nint*, nint> SessionGetInputTypeInfo => (delegate* unmanaged[Cdecl]<nint, nuint, nint*, nint>)table[33];

    public delegate* unmanaged[Cdecl]<nint, nuint, nint*, nint> SessionGetOutputTypeInfo => (delegate* unmanaged[Cdecl]<nint, nuint, nint*, nint>)table[34];

    public delegate* unmanaged[Cdecl]<nint, nuint, nint, byte**, nint> SessionGetInputName =>
        (delegate* unmanaged[Cdecl]<nint, nuint, nint, byte**, nint>)table[36];

    public delegate* unmanaged[Cdecl]<nint, nuint, nint, byte**, nint> SessionGetOutputName =>
        (delegate* unmanaged[Cdecl]<nint, nuint, nint, byte**, nint>)table[37];

    public delegate* unmanaged[Cdecl]<nint*, nint> CreateRunOptions => (delegate* unmanaged[Cdecl]<nint*, nint>)table[39];

    public delegate* unmanaged[Cdecl]<nint, void*, nuint, long*, nuint, int, nint*, nint> CreateTensorWithDataAsOrtValue =>
        (delegate* unmanaged[Cdecl]<nint, void*, nuint, long*, nuint, int, nint*, nint>)table[49];

    public delegate* unmanaged[Cdecl]<nint, nint*, nint> CastTypeInfoToTensorInfo => (delegate* unmanaged[Cdecl]<nint, nint*, nint>)table[55];

    public delegate* unmanaged[Cdecl]<nint, int*, nint> GetTensorElementType => (delegate* unmanaged[Cdecl]<nint, int*, nint>)table[60];

    public delegate* unmanaged[Cdecl]<nint, nuint*, nint> GetDimensionsCount => (delegate* unmanaged[Cdecl]<nint, nuint*, nint>)table[61];

    public delegate* unmanaged[Cdecl]<nint, long*, nuint, nint> GetDimensions => (delegate* unmanaged[Cdecl]<nint, long*, nuint, nint>)table[62];

    public delegate* unmanaged[Cdecl]<int, int, nint*, nint> CreateCpuMemoryInfo => (delegate* unmanaged[Cdecl]<int, int, nint*, nint>)table[69];

    public delegate* unmanaged[Cdecl]<nint, void*, nint> AllocatorFree => (delegate* unmanaged[Cdecl]<nint, void*, nint>)table[76];

    public delegate* unmanaged[Cdecl]<nint*, nint> GetAllocatorWithDefaultOptions => (delegate* unmanaged[Cdecl]<nint*, nint>)table[78];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseEnv => (delegate* unmanaged[Cdecl]<nint, void>)table[92];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseStatus => (delegate* unmanaged[Cdecl]<nint, void>)table[93];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseMemoryInfo => (delegate* unmanaged[Cdecl]<nint, void>)table[94];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseSession => (delegate* unmanaged[Cdecl]<nint, void>)table[95];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseValue => (delegate* unmanaged[Cdecl]<nint, void>)table[96];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseRunOptions => (delegate* unmanaged[Cdecl]<nint, void>)table[97];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseTypeInfo => (delegate* unmanaged[Cdecl]<nint, void>)table[98];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseSessionOptions => (delegate* unmanaged[Cdecl]<nint, void>)table[100];

    public delegate* unmanaged[Cdecl]<nint, nint, nint, nint> RunWithBinding => (delegate* unmanaged[Cdecl]<nint, nint, nint, nint>)table[133];

    public delegate* unmanaged[Cdecl]<nint, nint*, nint> CreateIoBinding => (delegate* unmanaged[Cdecl]<nint, nint*, nint>)table[134];

    public delegate* unmanaged[Cdecl]<nint, void> ReleaseIoBinding => (delegate* unmanaged[Cdecl]<nint, void>)table[135];

    public delegate* unmanaged[Cdecl]<nint, byte*, nint, nint> BindInput => (delegate* unmanaged[Cdecl]<nint, byte*, nint, nint>)table[136];

    public delegate* unmanaged[Cdecl]<nint, byte*, nint, nint> BindOutput => (delegate* unmanaged[Cdecl]<nint, byte*, nint, nint>)table[137];

    /// <summary>Throws what a status says and frees it.</summary>
    public void Check(nint status)
    {
        if (status == 0)
            return;
        string message = Marshal.PtrToStringUTF8((nint)GetErrorMessage(status)) ?? "unknown error";
        ReleaseStatus(status);
        throw new OrtException($"ONNX Runtime: {message}");
    }
}
