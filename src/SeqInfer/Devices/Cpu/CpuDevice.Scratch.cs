using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    /// <summary>Takes aligned scratch of at least so many floats, without gaps.</summary>
    private static Tensor TakeScratch(Workspace workspace, long floats) =>
        workspace.Take(checked((int)((floats + Workspace.Granularity - 1) / Workspace.Granularity)), Workspace.Granularity);
}
