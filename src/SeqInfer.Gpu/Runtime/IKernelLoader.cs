using ILGPU;
using ILGPU.Runtime;

namespace SeqInfer.Gpu.Runtime;

/// <summary>Makes kernels out of methods.</summary>
internal interface IKernelLoader
{
    /// <summary>True for kernels that work in groups with shared memory; false for the plain ones, which run with any group.</summary>
    bool IsTuned { get; }

    /// <summary>
    /// Compiles a kernel that takes its indices from <see cref="Grid"/> and <see cref="Group"/>; for groups of so many threads at most,
    /// where that decides how many registers each can have.
    /// </summary>
    Kernel<TArgs> Load<TArgs>(string name, Action<TArgs> method, int? maxGroupSize = null)
        where TArgs : struct;
}
