namespace SeqInfer.Gpu.Kernels.Elementwise;

/// <summary>y[r, c] = factors[r] * x[r, c].</summary>
internal readonly struct ScaleRowsBody(Window input, Window factors, Window output) : IElementBody
{
    private readonly Window _input = input;
    private readonly Window _factors = factors;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        _output.Store(row, column, _factors[row, 0] * _input[row, column]);
    }
}
