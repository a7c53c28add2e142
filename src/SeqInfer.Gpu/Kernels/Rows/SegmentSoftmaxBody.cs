namespace SeqInfer.Gpu.Kernels.Rows;

/// <summary>The softmax over the rows of a sequence; the lanes share a sequence and column.</summary>
internal readonly struct SegmentSoftmaxBody(Window input, Sequences sequences, int columnCount, Window output) : IRowBody
{
    private readonly Window _input = input;
    private readonly Sequences _sequences = sequences;
    private readonly int _columnCount = columnCount;
    private readonly Window _output = output;

    public void Row<TLanes>(int row, bool writes, TLanes lanes)
        where TLanes : struct, ILanes
    {
        int sequence = row / _columnCount;
        int column = row - (sequence * _columnCount);
        int start = _sequences.Start(sequence);
        int end = _sequences.End(sequence);
        float largest = float.NegativeInfinity;
        for (int i = start + lanes.Index; i < end; i += lanes.Count)
            largest = GpuMath.LargerOrNaN(largest, _input[i, column]);
        largest = lanes.Max(largest);
        float sum = 0;
        for (int i = start + lanes.Index; i < end; i += lanes.Count)
            sum += GpuMath.Exp(_input[i, column] - largest);
        sum = lanes.Sum(sum);
        if (!writes)
            return;
        bool isEmpty = largest == float.NegativeInfinity;
        for (int i = start + lanes.Index; i < end; i += lanes.Count)
            _output.Store(i, column, isEmpty ? 0 : GpuMath.Exp(_input[i, column] - largest) / sum);
    }
}
