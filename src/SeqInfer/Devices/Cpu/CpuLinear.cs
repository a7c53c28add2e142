using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Simd;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

/// <summary>A packed linear layer. One whose weight or bias is missing holds nothing: loading will fail.</summary>
internal sealed class CpuLinear<V> : LinearWeights
    where V : unmanaged, ISimd<V>
{
    private readonly PackedLinear<V, Float32Storage>? _packed;

    public CpuLinear(Device device, Parameter weight, Parameter? bias)
        : base(device, weight.Columns, weight.Rows)
    {
        if (!weight.IsMissing && bias is not { IsMissing: true })
            _packed = new PackedLinear<V, Float32Storage>(weight, bias);
    }

    public override long ByteCount => _packed?.ByteCount ?? 0;

    /// <exception cref="InvalidOperationException">A parameter is missing.</exception>
    public PackedLinear<V, Float32Storage> Packed => _packed ?? throw new InvalidOperationException("the layer's parameters are missing");

    protected override void Dispose(bool disposing)
    {
        if (disposing) _packed?.Dispose();
    }
}
