using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Devices.Cpu;

/// <summary>One float a column.</summary>
internal sealed unsafe class CpuVector(CpuDevice device, Parameter values) : VectorWeights(device, values.Columns)
{
    private readonly AlignedBuffer<float>? _values = CpuBuffers.Copy(values);

    public override long ByteCount => _values?.ByteCount ?? 0;

    public float* Pointer => CpuBuffers.Pointer(_values);

    protected override void Dispose(bool disposing) => _values?.Dispose();
}
