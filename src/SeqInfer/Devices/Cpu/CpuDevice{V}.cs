using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SeqInfer.Devices.Cpu.Threading;
using SeqInfer.Kernels;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

/// <summary>The op set over one vector type. Each group of operations stands in a file of its own.</summary>
internal sealed unsafe partial class CpuDevice<V> : CpuDevice
    where V : unmanaged, ISimd<V>
{
    private readonly WorkerTeam? _team;
    private readonly double _splitFrom;

    public CpuDevice(Isa isa, ThreadPlan threads)
        : base(isa, threads)
    {
        _team = threads.Team;
        _splitFrom = threads.SplitFrom;
    }

    public override string KernelName
    {
        get
        {
            string architecture = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "x64" : RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
            string storage = WeightStorage == WeightStorage.Float32 ? "f32" : WeightStorages.NameOf(WeightStorage);
            return $"{architecture}-{storage}-{V.Name}";
        }
    }

    protected override bool Supports(WeightStorage storage) =>
        storage is WeightStorage.Float32 or WeightStorage.BFloat16 or WeightStorage.Int8;

    public override Workspace CreateWorkspace(WorkspaceSize size) => new CpuWorkspace(size);

    protected override bool Owns(Workspace workspace) => workspace is CpuWorkspace;

    protected override void WriteCore(Workspace workspace, ReadOnlySpan<float> source, Tensor target)
    {
        fixed (float* p = source)
            CopyKernel<V>.Run(p, target.ColumnCount, Pointer(workspace, target), target.Stride, target.RowCount, target.ColumnCount);
    }

    internal override bool TryViewCore(Workspace workspace, Tensor source, out ReadOnlySpan<float> values)
    {
        values = new ReadOnlySpan<float>(Pointer(workspace, source), (int)source.ElementCount);
        return true;
    }

    protected override void ReadCore(Workspace workspace, Tensor source, Span<float> target)
    {
        fixed (float* p = target)
            CopyKernel<V>.Run(Pointer(workspace, source), source.Stride, p, source.ColumnCount, source.RowCount, source.ColumnCount);
    }

    protected override void ReadCore(Workspace workspace, Tensor source, Span<double> target)
    {
        float* p = Pointer(workspace, source);
        int i = 0;
        for (int row = 0; row < source.RowCount; row++, p += source.Stride)
        {
            for (int column = 0; column < source.ColumnCount; column++)
                target[i++] = p[column];
        }
    }

    /// <summary>The first element of a window; only for windows that the public operation has checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Pointer(Workspace workspace, Tensor tensor) => Unsafe.As<CpuWorkspace>(workspace).Pointer(tensor);

    /// <summary>The rows of a window, or nothing; only for windows that the public operation has checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static StridedRows Rows(Workspace workspace, Tensor? tensor) =>
        tensor is { } window ? new StridedRows(Pointer(workspace, window), window.Stride) : default;

    /// <summary>The integers of a window in pinned memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int* Pointer(Workspace workspace, Indices indices) =>
        (int*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(workspace.Span(indices)));
}
