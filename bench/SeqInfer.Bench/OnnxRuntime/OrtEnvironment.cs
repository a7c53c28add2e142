using System.Text;

namespace SeqInfer.Bench.OnnxRuntime;

/// <summary>A loaded ONNX Runtime; one a process. Makes tensors and sessions.</summary>
internal sealed unsafe class OrtEnvironment : IDisposable
{
    private const int LogErrors = 3;
    private const int ArenaAllocator = 1;
    private const int DefaultMemory = 0;

    private nint _handle;
    private nint _memory;

    public OrtEnvironment(OrtApi api, string path, string version)
    {
        Api = api;
        LibraryPath = path;
        Version = version;
        nint handle;
        fixed (byte* name = "bench\0"u8)
            api.Check(api.CreateEnv(LogErrors, name, &handle));
        _handle = handle;
        nint memory;
        api.Check(api.CreateCpuMemoryInfo(ArenaAllocator, DefaultMemory, &memory));
        _memory = memory;
    }

    /// <summary>The file that was loaded.</summary>
    public string LibraryPath { get; }

    /// <summary>The library's own version, such as 1.30.0.</summary>
    public string Version { get; }

    internal OrtApi Api { get; }

    internal nint Memory => _memory;

    /// <summary>Loads a model: CPU provider, all optimisations, one thread between operators.</summary>
    /// <param name="model">A serialised ModelProto.</param>
    /// <param name="threads">Threads inside an operator, the caller's included.</param>
    public OrtSession CreateSession(ReadOnlySpan<byte> model, int threads)
    {
        nint options = CreateOptions(threads);
        try
        {
            nint session;
            fixed (byte* bytes = model)
                Api.Check(Api.CreateSessionFromArray(_handle, bytes, (nuint)model.Length, options, &session));
            return new OrtSession(this, session);
        }
        finally
        {
            Api.ReleaseSessionOptions(options);
        }
    }

    /// <summary>Loads a model from a file, with the same options.</summary>
    /// <param name="path">An .onnx file.</param>
    /// <param name="threads">Threads inside an operator, the caller's included.</param>
    public OrtSession CreateSession(string path, int threads)
    {
        nint options = CreateOptions(threads);
        try
        {
            nint session;
            byte[] text = OperatingSystem.IsWindows() ? Encoding.Unicode.GetBytes(path + "\0") : Terminated(path);
            fixed (byte* file = text)
                Api.Check(Api.CreateSession(_handle, file, options, &session));
            return new OrtSession(this, session);
        }
        finally
        {
            Api.ReleaseSessionOptions(options);
        }
    }

    public void Dispose()
    {
        if (_memory != 0)
            Api.ReleaseMemoryInfo(_memory);
        if (_handle != 0)
            Api.ReleaseEnv(_handle);
        _memory = _handle = 0;
    }

    private nint CreateOptions(int threads)
    {
        const int AllOptimizations = 99;
        nint options;
        Api.Check(Api.CreateSessionOptions(&options));
        try
        {
            Api.Check(Api.SetIntraOpNumThreads(options, threads));
            Api.Check(Api.SetInterOpNumThreads(options, 1));
            Api.Check(Api.SetSessionGraphOptimizationLevel(options, AllOptimizations));
            return options;
        }
        catch
        {
            Api.ReleaseSessionOptions(options);
            throw;
        }
    }

    internal static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + "\0");
}
