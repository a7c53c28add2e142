using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace SeqInfer.Gpu.Runtime;

/// <summary>
/// Finds the drivers' libraries. ILGPU asks for libOpenCL.so and libcuda.so, which only development packages install; the driver installs
/// the versioned names.
/// </summary>
internal static class NativeLibraries
{
    private static readonly Lock Gate = new();
    private static bool _installed;

    /// <summary>Installs the handler, once a process.</summary>
    public static void Install()
    {
        lock (Gate)
        {
            if (_installed)
                return;
            AssemblyLoadContext context = AssemblyLoadContext.GetLoadContext(typeof(ILGPU.Context).Assembly) ?? AssemblyLoadContext.Default;
            context.ResolvingUnmanagedDll += (_, name) => Resolve(name);
            _installed = true;
        }
    }

    private static nint Resolve(string name)
    {
        string? versioned = name switch
        {
            _ when name.Contains("OpenCL", StringComparison.OrdinalIgnoreCase) => "libOpenCL.so.1",
            _ when name.Contains("cuda", StringComparison.OrdinalIgnoreCase) => "libcuda.so.1",
            _ => null,
        };
        return OperatingSystem.IsLinux() && versioned is not null && NativeLibrary.TryLoad(versioned, out nint handle) ? handle : 0;
    }
}
