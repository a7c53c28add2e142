using System.Runtime.InteropServices;

namespace SeqInfer.Bench.OnnxRuntime;

/// <summary>Finds and loads the shared library of ONNX Runtime and asks it for its function table.</summary>
internal static unsafe class OrtLibrary
{
    /// <summary>Names a library to use instead of the one that bench/setup fetches.</summary>
    public const string Variable = "SEQINFER_ORT";

    // The functions used here have been in the table since this version; every later library still serves it.
    private const uint ApiVersion = 14;

    private const string HowToGetIt =
        "Run bench/setup (needs npm; fetches the pinned onnxruntime-node package), or name a library of your own, such as the " +
        "libonnxruntime.so of a Microsoft.ML.OnnxRuntime package, with --ort PATH or " + Variable + "=PATH.";

    /// <summary>The library to load: <paramref name="option"/>, the environment variable, or the one below bench/node_modules; null where none is.</summary>
    public static string? Find(string? option)
    {
        string? named = option ?? Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
            return File.Exists(named) ? Path.GetFullPath(named) : throw new OrtException($"no ONNX Runtime library at {named}. {HowToGetIt}");
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string package = Path.Combine(folder.FullName, "bench", "node_modules", "onnxruntime-node", "bin");
            if (Directory.Exists(package))
                return FindIn(package);
        }

        return null;
    }

    /// <summary>Loads the library and opens an environment.</summary>
    /// <exception cref="OrtException">There is no library, or it is not ONNX Runtime; the message says how to get it.</exception>
    public static OrtEnvironment Load(string? option)
    {
        string path = Find(option) ?? throw new OrtException($"ONNX Runtime is not here. {HowToGetIt}");
        nint library;
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new OrtException($"{path} cannot be loaded: {e.Message}. {HowToGetIt}", e);
        }

        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out nint entry))
            throw new OrtException($"{path} is not ONNX Runtime: it has no OrtGetApiBase. {HowToGetIt}");
        var apiBase = ((delegate* unmanaged[Cdecl]<OrtApiBase*>)entry)();
        string version = Marshal.PtrToStringUTF8(apiBase->GetVersionString()) ?? "";
        nint* table = apiBase->GetApi(ApiVersion);
        return table is null
            ? throw new OrtException($"{path} is ONNX Runtime {version}, which does not serve version {ApiVersion} of the C interface.")
            : new OrtEnvironment(new OrtApi(table), path, version);
    }

    private static string? FindIn(string package)
    {
        string architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        (string system, string pattern) = OperatingSystem.IsWindows() ? ("win32", "onnxruntime.dll")
            : OperatingSystem.IsMacOS() ? ("darwin", "libonnxruntime*.dylib")
            : ("linux", "libonnxruntime.so*");
        return Directory.EnumerateDirectories(package, "napi-v*")
            .Select(version => Path.Combine(version, system, architecture))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern))
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct OrtApiBase
    {
        public delegate* unmanaged[Cdecl]<uint, nint*> GetApi;
        public delegate* unmanaged[Cdecl]<nint> GetVersionString;
    }
}
