using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Kernels.Simd;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

/// <summary>One packed direction of a recurrent layer, whatever its storage.</summary>
internal abstract unsafe class CpuRecurrent(Device device, RecurrentSpec spec) : RecurrentWeights(device, spec)
{
    /// <summary>Packs a layer.</summary>
    public static CpuRecurrent Create<V>(
        Device device, RecurrentSpec spec, Parameter? weightIh, Parameter weightHh, Parameter? biasIh, Parameter? biasHh)
        where V : unmanaged, ISimd<V> => device.WeightStorage switch
        {
            WeightStorage.Float32 => new CpuRecurrent<V, Float32Storage>(device, spec, weightIh, weightHh, biasIh, biasHh),
            WeightStorage.BFloat16 => new CpuRecurrent<V, BFloat16Storage>(device, spec, weightIh, weightHh, biasIh, biasHh),
            WeightStorage.Int8 => new CpuRecurrent<V, Int8Storage>(device, spec, weightIh, weightHh, biasIh, biasHh),
            _ => throw new ArgumentOutOfRangeException(nameof(device), device.WeightStorage, "Not a storage of the CPU kernels."),
        };

    /// <summary>Whether a pass takes scratch for integers that stand for the state.</summary>
    public abstract bool RoundsState { get; }

    /// <summary>Floats of scratch for <see cref="Project"/>.</summary>
    public abstract long ProjectionScratchLength(int rows);

    /// <summary>y = W_ih x, without bias.</summary>
    /// <param name="x">[rows, input size].</param>
    /// <param name="rows">Rows of x and of the result.</param>
    /// <param name="y">[rows, G * H].</param>
    /// <param name="scratch"><see cref="ProjectionScratchLength"/> floats.</param>
    /// <exception cref="InvalidOperationException">The parameters are missing.</exception>
    public abstract void Project(StridedRows x, int rows, StridedRows y, float* scratch);

    /// <summary>Runs the cell over all steps of the sequences.</summary>
    /// <exception cref="InvalidOperationException">A parameter is missing.</exception>
    public abstract void Run(ref RecurrentCall call);
}

/// <summary>One packed direction of a recurrent layer. One of whose parameters some are missing holds nothing: loading will fail.</summary>
internal sealed unsafe class CpuRecurrent<V, TStorage> : CpuRecurrent
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    // W_hh and the biases; of a cell of two stages those of the first, and those of the second.
    private readonly PackedCell<V, TStorage>? _cell;
    private readonly PackedCell<V, TStorage>? _candidate;

    // W_ih; null where the input is projected already.
    private readonly PackedLinear<V, TStorage>? _projection;

    public CpuRecurrent(
        Device device, RecurrentSpec spec, Parameter? weightIh, Parameter weightHh, Parameter? biasIh, Parameter? biasHh)
        : base(device, spec)
    {
        if (weightHh.IsMissing || new[] { weightIh, biasIh, biasHh }.Any(parameter => parameter is { IsMissing: true }))
            return;
        if (spec.Cell == RecurrentCell.GruResetFirst)
        {
            _cell = Stage(2, 0, spec.HiddenSize, weightHh, biasIh, biasHh);
            _candidate = Stage(1, 2, spec.HiddenSize, weightHh, biasIh, biasHh);
        }
        else
        {
            _cell = new PackedCell<V, TStorage>(spec.GateCount, weightHh, biasIh, biasHh, separate: spec.GateCount == 3);
        }

        if (weightIh is not null)
            _projection = new PackedLinear<V, TStorage>(weightIh, null);
    }

    public override long ByteCount => (_cell?.ByteCount ?? 0) + (_candidate?.ByteCount ?? 0) + (_projection?.ByteCount ?? 0);

    public override bool RoundsState => TStorage.IsInteger;

    public override long ProjectionScratchLength(int rows) =>
        Spec.ProjectedInput ? 0 : PackedLinear<V, TStorage>.ScratchLength(rows, Spec.InputSize);

    public override void Project(StridedRows x, int rows, StridedRows y, float* scratch)
    {
        LinearOutput target = new(y.First, y.Stride);
        (_projection ?? throw Missing()).Run(x.First, x.Stride, rows, in target, scratch, default(Identity));
    }

    public override void Run(ref RecurrentCall call)
    {
        PackedCell<V, TStorage> cell = _cell ?? throw Missing();
        switch (Spec.Cell)
        {
            case RecurrentCell.RnnTanh:
                RecurrentKernel<V, TStorage>.Run<RnnCell<Tanh>>(ref call, cell);
                break;
            case RecurrentCell.RnnRelu:
                RecurrentKernel<V, TStorage>.Run<RnnCell<Relu>>(ref call, cell);
                break;
            case RecurrentCell.Lstm:
                RecurrentKernel<V, TStorage>.Run<LstmCell>(ref call, cell);
                break;
            case RecurrentCell.Gru:
                RecurrentKernel<V, TStorage>.Run<GruCell>(ref call, cell);
                break;
            case RecurrentCell.GruResetFirst:
                RecurrentKernel<V, TStorage>.Run<ResetFirstGates, ResetFirstCandidate>(ref call, cell, _candidate ?? throw Missing());
                break;
            case RecurrentCell.AttentionalUpdateGru:
                RecurrentKernel<V, TStorage>.Run<AttentionalUpdateGruCell>(ref call, cell);
                break;
            case RecurrentCell.AttentionGru:
                RecurrentKernel<V, TStorage>.Run<AttentionGruCell>(ref call, cell);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(call), Spec.Cell, "Not a cell of the CPU kernels.");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _cell?.Dispose();
        _candidate?.Dispose();
        _projection?.Dispose();
    }

    private static PackedCell<V, TStorage> Stage(
        int gates, int first, int units, Parameter weightHh, Parameter? biasIh, Parameter? biasHh) => new(
        gates,
        weightHh.SliceRows(first * units, gates * units),
        biasIh?.SliceColumns(first * units, gates * units),
        biasHh?.SliceColumns(first * units, gates * units),
        separate: false);

    private static InvalidOperationException Missing() => new("the layer's parameters are missing");
}
