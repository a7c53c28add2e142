namespace SeqInfer.Gpu.Kernels.Rows;

/// <summary>y = x / ||x||; a row of length 0 stays 0. The length is taken of x / max |x|, whose squares neither overflow nor vanish.</summary>
internal readonly struct NormalizeL2Body(Window input, int columnCount, Window output) : IRowBody
{
    private readonly Window _input = input;
    private readonly int _columnCount = columnCount;
    private readonly Window _output = output;

    public void Row<TLanes>(int row, bool writes, TLanes lanes)
        where TLanes : struct, ILanes
    {
        float largest = 0;
        for (int c = lanes.Index; c < _columnCount; c += lanes.Count)
            largest = GpuMath.LargerOrNaN(largest, GpuMath.Abs(_input[row, c]));
        largest = lanes.Max(largest);
        float scale = largest == 0 ? 1 : largest;
        float squares = 0;
        for (int c = lanes.Index; c < _columnCount; c += lanes.Count)
        {
            float x = _input[row, c] / scale;
            squares = GpuMath.Fma(x, x, squares);
        }

        squares = lanes.Sum(squares);
        float length = squares == 0 ? 1 : GpuMath.Sqrt(squares);
        if (!writes)
            return;
        for (int c = lanes.Index; c < _columnCount; c += lanes.Count)
            _output.Store(row, c, _input[row, c] / scale / length);
    }
}
