using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    /// <summary>Takes aligned scratch of at least so many floats, without gaps.</summary>
    private static Tensor TakeScratch(Workspace workspace, long floats) =>
        workspace.Take(checked((int)((floats + Workspace.Granularity - 1) / Workspace.Granularity)), Workspace.Granularity);

    /// <summary>Takes aligned scratch of at least so many floats for each thread that may work on a call.</summary>
    private WorkerScratch TakeWorkerScratch(Workspace workspace, long floats)
    {
        long each = checked(floats + Workspace.Granularity - 1) / Workspace.Granularity * Workspace.Granularity;
        return new WorkerScratch(TakeScratch(workspace, checked(each * Threads)), (nint)each);
    }

    private readonly record struct WorkerScratch(Tensor Window, nint Each)
    {
        public WorkerMemory In(Workspace workspace) => new(Pointer(workspace, Window), Each);
    }

    private readonly struct WorkerMemory(float* first, nint each)
    {
        /// <summary>Floats from the scratch of one thread to that of the next.</summary>
        public nint Each => each;

        /// <summary>The scratch of one of the threads.</summary>
        public float* Of(int worker) => first + (worker * each);
    }
}
