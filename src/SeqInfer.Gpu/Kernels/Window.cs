using ILGPU;

namespace SeqInfer.Gpu.Kernels;

/// <summary>A matrix in device memory as kernels see it: rows of floats, some elements apart.</summary>
internal readonly struct Window(ArrayView<float> data, int stride)
{
    public readonly ArrayView<float> Data = data;

    public readonly int Stride = stride;

    public float this[int row, int column] => Data[((long)row * Stride) + column];

    public void Store(int row, int column, float value) => Data[((long)row * Stride) + column] = value;
}
