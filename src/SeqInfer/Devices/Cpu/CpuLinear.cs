using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

/// <summary>A packed linear layer, whatever its storage.</summary>
internal abstract unsafe class CpuLinear(Device device, int inputSize, int outputSize) : LinearWeights(device, inputSize, outputSize)
{
    /// <summary>Packs a layer.</summary>
    public static CpuLinear Create<V>(Device device, Parameter weight, Parameter? bias)
        where V : unmanaged, ISimd<V> => device.WeightStorage switch
        {
            WeightStorage.Float32 => new CpuLinear<V, Float32Storage>(device, weight, bias),
            WeightStorage.BFloat16 => new CpuLinear<V, BFloat16Storage>(device, weight, bias),
            WeightStorage.Int8 => new CpuLinear<V, Int8Storage>(device, weight, bias),
            _ => throw new ArgumentOutOfRangeException(nameof(device), device.WeightStorage, "Not a storage of the CPU kernels."),
        };

    /// <summary>Floats of scratch for a product.</summary>
    public abstract long ScratchLength(int rows);

    /// <summary>Panels that may be computed apart from each other; 0 where all columns are computed together.</summary>
    public abstract int PanelCount { get; }

    /// <summary>y = activation(x W^T + bias) + residual.</summary>
    /// <param name="x">[rows, in].</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x and of the result.</param>
    /// <param name="output">The result without bias, apart from x.</param>
    /// <param name="activation">Applied before the residual is added.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats.</param>
    /// <exception cref="InvalidOperationException">A parameter is missing.</exception>
    public abstract void Run(float* x, nint xStride, int rows, in LinearOutput output, Activation activation, float* scratch);

    /// <summary>What an activation that only cuts off leaves at least; null for others.</summary>
    public static float? Floor(Activation activation) => activation.Kind switch
    {
        ActivationKind.None => float.NegativeInfinity,
        ActivationKind.Relu => 0,
        _ => null,
    };

    /// <summary>Whether <see cref="RunSmall"/> serves this layer.</summary>
    public abstract bool HasSmallProduct { get; }

    /// <summary>y = max(floor, x W^T + bias) of a small layer for rows that fit a cache, the same bits as <see cref="Run"/> in less time.</summary>
    /// <param name="x">[rows, in].</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x and of the result.</param>
    /// <param name="y">[rows, out], apart from x.</param>
    /// <param name="yStride">Floats from one row of the result to the next.</param>
    /// <param name="floor">What values are at least: 0 for ReLU, -infinity for no activation.</param>
    public abstract void RunSmall(float* x, nint xStride, int rows, float* y, nint yStride, float floor);

    /// <summary>The layer of a chain of small ones; only where <see cref="HasSmallProduct"/>, and valid until the layer is disposed.</summary>
    public abstract SmallLayer Small { get; }

    /// <summary>Computes a chain of small layers of this one's storage, itself not necessarily among them.</summary>
    /// <param name="x">[rows, in of the first].</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x and of all results.</param>
    /// <param name="links">The layers.</param>
    /// <param name="front">Room for the results of every second layer from the first on.</param>
    /// <param name="back">Room for those of the others.</param>
    /// <param name="y">[rows, out of the last].</param>
    /// <param name="yStride">Floats from one row of the last result to the next.</param>
    public abstract void RunSmallChain(
        float* x, nint xStride, int rows, ReadOnlySpan<SmallLink> links, float* front, float* back, float* y, nint yStride);

    /// <summary>The columns of some panels, the same bits as all columns together give.</summary>
    /// <param name="x">[rows, in].</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x and of the result.</param>
    /// <param name="firstPanel">The first panel.</param>
    /// <param name="panelCount">How many, of the <see cref="PanelCount"/> there are.</param>
    /// <param name="output">The result without bias, all its columns, apart from x.</param>
    /// <param name="activation">Applied before the residual is added.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats.</param>
    /// <exception cref="InvalidOperationException">A parameter is missing.</exception>
    public abstract void RunPanels(
        float* x, nint xStride, int rows, int firstPanel, int panelCount, in LinearOutput output, Activation activation, float* scratch);
}

/// <summary>A packed linear layer. One whose weight or bias is missing holds nothing: loading will fail.</summary>
internal sealed unsafe class CpuLinear<V, TStorage> : CpuLinear
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    private readonly PackedLinear<V, TStorage>? _packed;

    public CpuLinear(Device device, Parameter weight, Parameter? bias)
        : base(device, weight.Columns, weight.Rows)
    {
        if (!weight.IsMissing && bias is not { IsMissing: true })
            _packed = new PackedLinear<V, TStorage>(weight, bias);
    }

    public override long ByteCount => _packed?.ByteCount ?? 0;

    public override int PanelCount => _packed?.PanelCount ?? 0;

    public override bool HasSmallProduct => _packed is { HasSmallProduct: true };

    public override long ScratchLength(int rows) => PackedLinear<V, TStorage>.ScratchLength(rows, InputSize);

    public override void Run(float* x, nint xStride, int rows, in LinearOutput output, Activation activation, float* scratch)
    {
        PackedLinear<V, TStorage> packed = _packed ?? throw new InvalidOperationException("the layer's parameters are missing");
        if (packed.HasSmallProduct && Floor(activation) is { } floor && output.Residual == null && packed.IsSmall(rows))
        {
            packed.RunSmall(x, xStride, rows, output.Y, output.YStride, floor);
            return;
        }

        ActivationDispatch.Visit(activation, new Visitor(packed, x, xStride, rows, in output, scratch));
    }

    public override void RunPanels(
        float* x, nint xStride, int rows, int firstPanel, int panelCount, in LinearOutput output, Activation activation, float* scratch)
    {
        PackedLinear<V, TStorage> packed = _packed ?? throw new InvalidOperationException("the layer's parameters are missing");
        ActivationDispatch.Visit(activation, new PanelVisitor(packed, x, xStride, rows, firstPanel, panelCount, in output, scratch));
    }

    public override void RunSmall(float* x, nint xStride, int rows, float* y, nint yStride, float floor) =>
        _packed!.RunSmall(x, xStride, rows, y, yStride, floor);

    public override SmallLayer Small => _packed!.Small;

    public override void RunSmallChain(
        float* x, nint xStride, int rows, ReadOnlySpan<SmallLink> links, float* front, float* back, float* y, nint yStride) =>
        SmallProduct<V, TStorage>.RunChain(x, xStride, rows, links, front, back, y, yStride);

    protected override void Dispose(bool disposing)
    {
        if (disposing) _packed?.Dispose();
    }

    private readonly ref struct Visitor(
        PackedLinear<V, TStorage> packed, float* x, nint xStride, int rows, ref readonly LinearOutput output, float* scratch)
        : IActivationVisitor
    {
        private readonly ref readonly LinearOutput _output = ref output;

        public void Visit<TOp>(TOp op)
            where TOp : struct, IUnaryOp => packed.Run(x, xStride, rows, in _output, scratch, op);
    }

    private readonly ref struct PanelVisitor(
        PackedLinear<V, TStorage> packed, float* x, nint xStride, int rows, int firstPanel, int panelCount, ref readonly LinearOutput output,
        float* scratch)
        : IActivationVisitor
    {
        private readonly ref readonly LinearOutput _output = ref output;

        public void Visit<TOp>(TOp op)
            where TOp : struct, IUnaryOp => packed.RunPanels(x, xStride, rows, firstPanel, panelCount, in _output, scratch, op);
    }
}
