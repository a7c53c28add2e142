using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace SeqInfer.Gpu.Runtime;

/// <summary>The PTX text of every kernel, made without a device: for tests and the kernels' pages.</summary>
internal static class PtxText
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<(CudaArchitecture, bool), IReadOnlyDictionary<string, string>> Known = [];

    /// <summary>Text by kernel name, compiled once a process.</summary>
    public static IReadOnlyDictionary<string, string> Of(CudaArchitecture architecture, bool isTuned)
    {
        lock (Gate)
        {
            if (!Known.TryGetValue((architecture, isTuned), out IReadOnlyDictionary<string, string>? texts))
                Known[(architecture, isTuned)] = texts = Compile(architecture, isTuned);
            return texts;
        }
    }

    private static Dictionary<string, string> Compile(CudaArchitecture architecture, bool isTuned)
    {
        using Context context = GpuRuntimes.CreateContext(_ => { });
        CudaCapabilityContext capabilities = new(architecture);
        SetTargetArchitecture(capabilities, architecture);
        using PTXBackend backend = new(context, capabilities, architecture, CudaInstructionSet.ISA_80, null);
        Compiler compiler = new(backend, isTuned);
        _ = new KernelTable(compiler);
        if (isTuned)
        {
            _ = TensorKernels.Load(compiler, MatrixPrecision.Tf32);
            _ = TensorKernels.Load(compiler, MatrixPrecision.Bf16);
        }

        return compiler.Texts;
    }

    // By itself ILGPU writes the oldest architecture that has what it uses, which is sm_80 for everything newer
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_TargetArchitecture")]
    private static extern void SetTargetArchitecture(CudaCapabilityContext capabilities, CudaArchitecture architecture);

    private sealed class Compiler(PTXBackend backend, bool isTuned) : IKernelLoader
    {
        public Dictionary<string, string> Texts { get; } = [];

        public bool IsTuned => isTuned;

        public Kernel<TArgs> Load<TArgs>(string name, Action<TArgs> method, int? maxGroupSize = null)
            where TArgs : struct
        {
            var entry = EntryPointDescription.FromExplicitlyGroupedKernel(method.Method);
            Texts.Add(name, ((PTXCompiledKernel)backend.Compile(entry, new KernelSpecialization(maxGroupSize, null))).PTXAssembly);
            return new Kernel<TArgs>(null!, name, (_, _, _) => throw new InvalidOperationException($"'{name}' was compiled for its text"));
        }
    }
}
