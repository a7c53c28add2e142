using ILGPU;
using ILGPU.IR.Intrinsics;

namespace SeqInfer.Gpu.Kernels;

/// <summary>The threads of a group.</summary>
internal static class GpuGroup
{
    /// <summary>
    /// Waits for all threads of the group; what they wrote to shared and global memory before is visible to the group after. ILGPU's own
    /// barrier orders no shared memory in OpenCL.
    /// </summary>
    [IntrinsicImplementation]
    public static void Barrier() => Group.Barrier();
}
