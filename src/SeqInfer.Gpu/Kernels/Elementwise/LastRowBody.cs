namespace SeqInfer.Gpu.Kernels.Elementwise;

/// <summary>The last row of every sequence; zeros for an empty one.</summary>
internal readonly struct LastRowBody(Window input, Sequences sequences, Window output) : IElementBody
{
    private readonly Window _input = input;
    private readonly Sequences _sequences = sequences;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        int end = _sequences.End(row);
        _output.Store(row, column, _sequences.Start(row) < end ? _input[end - 1, column] : 0);
    }
}
