using SeqInfer.Devices;

namespace SeqInfer.Gpu.Kernels.Elementwise;

/// <summary>y = left (operation) right; a right row step of 0 uses one row for all.</summary>
internal readonly struct CombineBody(Window left, Window right, int rightStep, BinaryOperation operation, Window output) : IElementBody
{
    private readonly Window _left = left;
    private readonly Window _right = right;
    private readonly int _rightStep = rightStep;
    private readonly BinaryOperation _operation = operation;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        _output.Store(row, column, Combination.Of(_left[row, column], _operation, _right[row * _rightStep, column]));
    }
}
