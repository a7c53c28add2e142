using ILGPU;

namespace SeqInfer.Gpu.Kernels.Elementwise;

/// <summary>y = x where x is positive, slope * x elsewhere; one slope a column, or one for all.</summary>
internal readonly struct PReluBody(Window input, ArrayView<float> slopes, int slopeStep, Window output) : IElementBody
{
    private readonly Window _input = input;
    private readonly ArrayView<float> _slopes = slopes;
    private readonly int _slopeStep = slopeStep;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        float x = _input[row, column];
        _output.Store(row, column, x > 0 ? x : _slopes[column * _slopeStep] * x);
    }
}
