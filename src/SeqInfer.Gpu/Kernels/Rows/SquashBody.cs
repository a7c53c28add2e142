namespace SeqInfer.Gpu.Kernels.Rows;

/// <summary>y = x n / (1 + n) / sqrt(n + epsilon) with n = ||x||^2.</summary>
internal readonly struct SquashBody(Window input, int columnCount, float epsilon, Window output) : IRowBody
{
    private readonly Window _input = input;
    private readonly int _columnCount = columnCount;
    private readonly float _epsilon = epsilon;
    private readonly Window _output = output;

    public void Row<TLanes>(int row, bool writes, TLanes lanes)
        where TLanes : struct, ILanes
    {
        float squares = 0;
        for (int c = lanes.Index; c < _columnCount; c += lanes.Count)
            squares = GpuMath.Fma(_input[row, c], _input[row, c], squares);
        squares = lanes.Sum(squares);
        float factor = squares / (1f + squares) / GpuMath.Sqrt(squares + _epsilon);
        if (!writes)
            return;
        for (int c = lanes.Index; c < _columnCount; c += lanes.Count)
            _output.Store(row, c, factor * _input[row, c]);
    }
}
