namespace SeqInfer.Gpu.Kernels.Rows;

/// <summary>y[r] = the inner product of two rows.</summary>
internal readonly struct RowDotBody(Window left, Window right, int columnCount, Window output) : IRowBody
{
    private readonly Window _left = left;
    private readonly Window _right = right;
    private readonly int _columnCount = columnCount;
    private readonly Window _output = output;

    public void Row<TLanes>(int row, bool writes, TLanes lanes)
        where TLanes : struct, ILanes
    {
        float sum = 0;
        for (int c = lanes.Index; c < _columnCount; c += lanes.Count)
            sum = GpuMath.Fma(_left[row, c], _right[row, c], sum);
        sum = lanes.Sum(sum);
        if (writes && lanes.Index == 0)
            _output.Store(row, 0, sum);
    }
}
