namespace SeqInfer.Gpu.Kernels.Elementwise;

/// <summary>The softmax over the rows of a sequence, where a row has many columns: one thread a column.</summary>
internal readonly struct SegmentSoftmaxColumnsBody(Window input, Sequences sequences, Window output) : IElementBody
{
    private readonly Window _input = input;
    private readonly Sequences _sequences = sequences;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        int start = _sequences.Start(row);
        int end = _sequences.End(row);
        float largest = float.NegativeInfinity;
        for (int i = start; i < end; i++)
            largest = GpuMath.LargerOrNaN(largest, _input[i, column]);
        bool isEmpty = largest == float.NegativeInfinity;
        float sum = 0;
        for (int i = start; i < end; i++)
            sum += GpuMath.Exp(_input[i, column] - largest);
        for (int i = start; i < end; i++)
            _output.Store(i, column, isEmpty ? 0 : GpuMath.Exp(_input[i, column] - largest) / sum);
    }
}
