using ILGPU;
using SeqInfer.Devices;

namespace SeqInfer.Gpu.Kernels.Elementwise;

/// <summary>y[r] = left[leftRows[r]] (operation) right[rightRows[r]].</summary>
internal readonly struct CombineRowsBody(Window left, ArrayView<int> leftRows, Window right, ArrayView<int> rightRows, BinaryOperation operation, Window output) : IElementBody
{
    private readonly Window _left = left;
    private readonly ArrayView<int> _leftRows = leftRows;
    private readonly Window _right = right;
    private readonly ArrayView<int> _rightRows = rightRows;
    private readonly BinaryOperation _operation = operation;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        float x = _left[_leftRows[row], column];
        _output.Store(row, column, Combination.Of(x, _operation, _right[_rightRows[row], column]));
    }
}
