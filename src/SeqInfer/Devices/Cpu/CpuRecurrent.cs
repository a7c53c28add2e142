using SeqInfer.Kernels;
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

    /// <summary>W_ih, without bias; null where the input is projected already.</summary>
    public abstract CpuLinear? Projection { get; }

    /// <summary>Runs the cell over all steps of the sequences. What may be split is the units of a step.</summary>
    /// <exception cref="InvalidOperationException">A parameter is missing.</exception>
    public abstract void Run<TSplitter>(ref RecurrentCall call, TSplitter splitter)
        where TSplitter : struct, ISplitter;
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
    private readonly CpuLinear<V, TStorage>? _projection;

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
            _projection = new CpuLinear<V, TStorage>(device, weightIh, null);
    }

    // The projection is a resource of the device like this one, and is counted there
    public override long ByteCount => (_cell?.ByteCount ?? 0) + (_candidate?.ByteCount ?? 0);

    public override bool RoundsState => TStorage.IsInteger;

    public override CpuLinear? Projection => _projection;

    public override void Run<TSplitter>(ref RecurrentCall call, TSplitter splitter)
    {
        PackedCell<V, TStorage> cell = _cell ?? throw Missing();
        switch (Spec.Cell)
        {
            case RecurrentCell.RnnTanh:
                RecurrentKernel<V, TStorage>.Run<RnnCell<Tanh>, TSplitter>(ref call, cell, splitter);
                break;
            case RecurrentCell.RnnRelu:
                RecurrentKernel<V, TStorage>.Run<RnnCell<Relu>, TSplitter>(ref call, cell, splitter);
                break;
            case RecurrentCell.Lstm:
                RecurrentKernel<V, TStorage>.Run<LstmCell, TSplitter>(ref call, cell, splitter);
                break;
            case RecurrentCell.Gru:
                RecurrentKernel<V, TStorage>.Run<GruCell, TSplitter>(ref call, cell, splitter);
                break;
            case RecurrentCell.GruResetFirst:
                RecurrentKernel<V, TStorage>.Run<ResetFirstGates, ResetFirstCandidate, TSplitter>(ref call, cell, _candidate ?? throw Missing(), splitter);
                break;
            case RecurrentCell.AttentionalUpdateGru:
                RecurrentKernel<V, TStorage>.Run<AttentionalUpdateGruCell, TSplitter>(ref call, cell, splitter);
                break;
            case RecurrentCell.AttentionGru:
                RecurrentKernel<V, TStorage>.Run<AttentionGruCell, TSplitter>(ref call, cell, splitter);
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
