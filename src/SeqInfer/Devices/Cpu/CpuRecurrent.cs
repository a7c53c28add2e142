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

    public CpuRecurrent(
        Device device, RecurrentSpec spec, Parameter? weightIh, Parameter weightHh, Parameter? biasIh, Parameter? biasHh)
        : base(device, spec)
    {
        if (weightHh.IsMissing || new[] { weightIh, biasIh, biasHh }.Any(parameter => parameter is { IsMissing: true }))
            return;
        _cell = new PackedCell<V, Float32Storage>(spec.GateCount, weightHh, biasIh, biasHh, separate: spec.Cell == RecurrentCell.Gru);
        if (weightIh is not null)
            Projection = new PackedLinear<V, Float32Storage>(weightIh, null);
    }

    public override long ByteCount => (_cell?.ByteCount ?? 0) + (Projection?.ByteCount ?? 0);

    /// <summary>W_ih, without bias; null where the input is projected already.</summary>
    public PackedLinear<V, Float32Storage>? Projection { get; }

    /// <summary>W_hh and the biases.</summary>
    /// <exception cref="InvalidOperationException">A parameter is missing.</exception>
    public PackedCell<V, Float32Storage> Cell => _cell ?? throw new InvalidOperationException("the layer's parameters are missing");

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _cell?.Dispose();
        Projection?.Dispose();
    }
}
