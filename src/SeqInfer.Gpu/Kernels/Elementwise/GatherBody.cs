using ILGPU;

namespace SeqInfer.Gpu.Kernels.Elementwise;

/// <summary>y[r] = x[rows[r]]; zeros where the row is -1.</summary>
internal readonly struct GatherBody(Window input, ArrayView<int> rows, Window output) : IElementBody
{
    private readonly Window _input = input;
    private readonly ArrayView<int> _rows = rows;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        int source = _rows[row];
        _output.Store(row, column, source < 0 ? 0 : _input[source, column]);
    }
}
