using SeqInfer.Kernels;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

/// <summary>Gain and offset as floats.</summary>
internal sealed unsafe class CpuLayerNorm(CpuDevice device, Parameter gamma, Parameter beta, double epsilon, LayerNormKind kind)
    : LayerNormWeights(device, gamma.Columns, epsilon, kind)
{
    private readonly AlignedBuffer<float>? _gamma = CpuBuffers.Copy(gamma);
    private readonly AlignedBuffer<float>? _beta = CpuBuffers.Copy(beta);

    public override long ByteCount => (_gamma?.ByteCount ?? 0) + (_beta?.ByteCount ?? 0);

    public LayerNormParameters Parameters => new(
        CpuBuffers.Pointer(_gamma), CpuBuffers.Pointer(_beta), (float)Epsilon, Kind == LayerNormKind.UnbiasedStd);

    protected override void Dispose(bool disposing)
    {
        _gamma?.Dispose();
        _beta?.Dispose();
    }
}
