using ILGPU;

namespace SeqInfer.Gpu.Kernels.Gemm;

/// <summary>Weights [in, out], zero-padded to a multiple of four outputs, and one summand an output.</summary>
internal readonly struct PackedWeights(ArrayView<float> data, int stride, ArrayView<float> bias)
{
    public readonly ArrayView<float> Data = data;

    public readonly int Stride = stride;

    public readonly ArrayView<float> Bias = bias;

    public float this[int input, int output] => Data[((long)input * Stride) + output];
}
