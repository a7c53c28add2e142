using ILGPU;

namespace SeqInfer.Gpu.Kernels.Elementwise;

/// <summary>y = x * scale + shift, column by column, rounded once.</summary>
internal readonly struct ScaleShiftBody(Window input, ArrayView<float> scale, ArrayView<float> shift, Window output) : IElementBody
{
    private readonly Window _input = input;
    private readonly ArrayView<float> _scale = scale;
    private readonly ArrayView<float> _shift = shift;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        _output.Store(row, column, GpuMath.Fma(_input[row, column], _scale[column], _shift[column]));
    }
}
