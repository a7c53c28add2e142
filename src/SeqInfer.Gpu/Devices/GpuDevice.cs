using System.Runtime.CompilerServices;
using ILGPU;
using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels.Elementwise;
using SeqInfer.Gpu.Kernels.Rows;
using SeqInfer.Gpu.Kernels.TensorCores;
using SeqInfer.Gpu.Runtime;
using SeqInfer.Tensors;

namespace SeqInfer.Gpu.Devices;

/// <summary>
/// The op set in ILGPU kernels. Every operation starts its kernels in the workspace's queue and returns; only what hands values to the host
/// waits for them. Each group of operations stands in a file of its own.
/// </summary>
internal sealed partial class GpuDevice(GpuRuntime runtime, MatrixPrecision precision = MatrixPrecision.Float32) : Device
{
    // What every driver takes in the second dimension of a grid, and more groups than any device runs at once in the first
    private const int MaxGroupsX = 1 << 20;
    private const int MaxGroupsY = 65535;

    private readonly LaunchCounter _launches = new();

    // Null where linear layers multiply in single precision
    private readonly Kernel<TensorLinearArgs>? _tensorLinear = precision == MatrixPrecision.Float32 ? null : runtime.TensorLinear(precision);

    /// <inheritdoc/>
    public override string Name => precision == MatrixPrecision.Float32 ? runtime.Name : $"{runtime.Name},{NameOf(precision)}";

    /// <inheritdoc/>
    public override string KernelName => $"ilgpu-{runtime.Kind}-{NameOf(precision)}-{(runtime.IsTuned ? "tuned" : "plain")}";

    /// <summary>What the driver calls the device.</summary>
    public string HardwareName => runtime.HardwareName;

    /// <inheritdoc/>
    public override bool StartsKernels => true;

    /// <inheritdoc/>
    public override long LaunchCount => _launches.Count;

    /// <summary>False: starting kernels would take longer than the multiply-adds it spares.</summary>
    public override bool CarriesSingleQueries => false;

    private KernelTable Kernels => runtime.Kernels;

    private static string NameOf(MatrixPrecision precision) => precision switch
    {
        MatrixPrecision.Tf32 => "tf32",
        MatrixPrecision.Bf16 => "bf16",
        _ => "f32",
    };

    /// <inheritdoc/>
    /// <exception cref="DeviceException">The device has not that much memory.</exception>
    public override Workspace CreateWorkspace(WorkspaceSize size) => new GpuWorkspace(runtime, size, _launches);

    /// <inheritdoc/>
    protected override bool Owns(Workspace workspace) => workspace is GpuWorkspace arena && arena.IsOn(runtime);

    /// <inheritdoc/>
    protected override void WriteCore(Workspace workspace, ReadOnlySpan<float> source, Tensor target)
    {
        GpuWorkspace arena = Bind(workspace);
        if (IsContiguous(target))
        {
            arena.Upload(source, target.Offset);
            return;
        }

        foreach (Tensor part in Parts(arena, target))
        {
            int count = (int)part.ElementCount;
            arena.UploadStaging(source[..count]);
            Launch(arena, Kernels.Apply, part, new ApplyBody(arena.Staging(part.ColumnCount), ActivationKind.None, 0, arena.Window(part)));
            source = source[count..];
        }
    }

    /// <inheritdoc/>
    protected override void ReadCore(Workspace workspace, Tensor source, Span<float> target)
    {
        GpuWorkspace arena = Bind(workspace);
        if (IsContiguous(source))
        {
            arena.Receive(source.Offset, target);
            return;
        }

        foreach (Tensor part in Parts(arena, source))
        {
            int count = (int)part.ElementCount;
            Launch(arena, Kernels.Apply, part, new ApplyBody(arena.Window(part), ActivationKind.None, 0, arena.Staging(part.ColumnCount)));
            arena.ReceiveStaging(target[..count]);
            target = target[count..];
        }
    }

    /// <inheritdoc/>
    protected override void ReadCore(Workspace workspace, Tensor source, Span<double> target)
    {
        // Read in place as floats, from whose end the doubles then grow over them
        Span<float> floats = System.Runtime.InteropServices.MemoryMarshal.Cast<double, float>(target)[..target.Length];
        ReadCore(workspace, source, floats);
        for (int i = target.Length - 1; i >= 0; i--)
            target[i] = floats[i];
    }

    private static bool IsContiguous(Tensor window) => window.RowCount == 1 || window.Stride == window.ColumnCount;

    /// <summary>The window in pieces that staging holds: whole rows, or parts of one.</summary>
    private static PartEnumerator Parts(GpuWorkspace arena, Tensor window) => new(window, arena.StagedElements);

    /// <summary>The arena, ready for this thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private GpuWorkspace Bind(Workspace workspace)
    {
        runtime.Bind();
        return Unsafe.As<GpuWorkspace>(workspace);
    }

    /// <summary>Starts a kernel with one thread for every element of a result.</summary>
    private void Launch<TBody>(GpuWorkspace arena, Kernel<ElementArgs<TBody>> kernel, Tensor output, in TBody body)
        where TBody : struct, IElementBody => Launch(arena, kernel, output.RowCount, output.ColumnCount, body);

    /// <summary>Starts a kernel with one thread for every element of a matrix of some size.</summary>
    private void Launch<TBody>(GpuWorkspace arena, Kernel<ElementArgs<TBody>> kernel, int rows, int columns, in TBody body)
        where TBody : struct, IElementBody
    {
        int lanes = (int)Math.Min((uint)runtime.GroupSize, System.Numerics.BitOperations.RoundUpToPowerOf2((uint)columns));
        int shift = System.Numerics.BitOperations.Log2((uint)lanes);
        int rowsOfGroup = runtime.GroupSize >> shift;
        int high = Math.Min(DivideUp(rows, rowsOfGroup), runtime.MaxGroups);
        int wide = Math.Min(DivideUp(columns, lanes), Math.Max(1, runtime.MaxGroups / high));
        kernel.Launch(arena.Stream, new Index2D(high, wide), runtime.GroupSize, new ElementArgs<TBody>(rows, columns, shift, body));
    }

    /// <summary>Starts a kernel that computes whole rows.</summary>
    private void Launch<TBody>(GpuWorkspace arena, Kernel<RowArgs<TBody>> kernel, int rows, in TBody body)
        where TBody : struct, IRowBody
    {
        int rowsOfGroup = runtime.IsTuned ? runtime.GroupSize / SharedLanes.Width : runtime.GroupSize;
        int groups = Math.Min(DivideUp(rows, rowsOfGroup), runtime.MaxGroups);
        kernel.Launch(arena.Stream, new Index2D(groups, 1), runtime.GroupSize, new RowArgs<TBody>(rows, body));
    }

    private static int DivideUp(int dividend, int divisor) => (int)(((long)dividend + divisor - 1) / divisor);

    private ref struct PartEnumerator(Tensor window, int capacity)
    {
        private int _row;
        private int _column;

        public Tensor Current { get; private set; }

        public readonly PartEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_row >= window.RowCount)
                return false;
            if (window.ColumnCount <= capacity)
            {
                int rows = Math.Min(window.RowCount - _row, capacity / window.ColumnCount);
                Current = window.Rows(_row, rows);
                _row += rows;
                return true;
            }

            int columns = Math.Min(window.ColumnCount - _column, capacity);
            Current = window.Rows(_row, 1).Columns(_column, columns);
            _column += columns;
            if (_column == window.ColumnCount)
            {
                _column = 0;
                _row++;
            }

            return true;
        }
    }
}
