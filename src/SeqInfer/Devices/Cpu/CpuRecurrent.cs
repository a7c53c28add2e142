using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Kernels.Simd;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

/// <summary>One packed direction of a recurrent layer. One of whose parameters some are missing holds nothing: loading will fail.</summary>
internal sealed class CpuRecurrent<V> : RecurrentWeights
    where V : unmanaged, ISimd<V>
{
    private readonly PackedCell<V, Float32Storage>? _cell;
    private readonly PackedCell<V, Float32Storage>? _candidate;

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
            _cell = new PackedCell<V, Float32Storage>(spec.GateCount, weightHh, biasIh, biasHh, separate: spec.GateCount == 3);
        }

        if (weightIh is not null)
            Projection = new PackedLinear<V, Float32Storage>(weightIh, null);
    }

    public override long ByteCount => (_cell?.ByteCount ?? 0) + (_candidate?.ByteCount ?? 0) + (Projection?.ByteCount ?? 0);

    /// <summary>W_ih, without bias; null where the input is projected already.</summary>
    public PackedLinear<V, Float32Storage>? Projection { get; }

    /// <summary>W_hh and the biases; of a cell of two stages those of the first.</summary>
    /// <exception cref="InvalidOperationException">A parameter is missing.</exception>
    public PackedCell<V, Float32Storage> Cell => _cell ?? throw Missing();

    /// <summary>W_hh and the biases of the second stage of a cell that has one.</summary>
    /// <exception cref="InvalidOperationException">A parameter is missing.</exception>
    public PackedCell<V, Float32Storage> Candidate => _candidate ?? throw Missing();

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _cell?.Dispose();
        _candidate?.Dispose();
        Projection?.Dispose();
    }

    private static PackedCell<V, Float32Storage> Stage(
        int gates, int first, int units, Parameter weightHh, Parameter? biasIh, Parameter? biasHh) => new(
        gates,
        weightHh.SliceRows(first * units, gates * units),
        biasIh?.SliceColumns(first * units, gates * units),
        biasHh?.SliceColumns(first * units, gates * units),
        separate: false);

    private static InvalidOperationException Missing() => new("the layer's parameters are missing");
}
