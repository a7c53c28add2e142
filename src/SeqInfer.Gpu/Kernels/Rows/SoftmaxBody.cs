namespace SeqInfer.Gpu.Kernels.Rows;

/// <summary>The softmax of a row, or its logarithm. A row of minus infinity gives 0, its logarithm minus infinity.</summary>
internal readonly struct SoftmaxBody(Window input, int columnCount, int isLog, Window output) : IRowBody
{
    private readonly Window _input = input;
    private readonly int _columnCount = columnCount;
    private readonly int _isLog = isLog;
    private readonly Window _output = output;

    public void Row<TLanes>(int row, bool writes, TLanes lanes)
        where TLanes : struct, ILanes
    {
        float largest = float.NegativeInfinity;
        for (int c = lanes.Index; c < _columnCount; c += lanes.Count)
            largest = GpuMath.LargerOrNaN(largest, _input[row, c]);
        largest = lanes.Max(largest);
        float sum = 0;
        for (int c = lanes.Index; c < _columnCount; c += lanes.Count)
            sum += GpuMath.Exp(_input[row, c] - largest);
        sum = lanes.Sum(sum);
        if (!writes)
            return;
        bool isEmpty = largest == float.NegativeInfinity;
        float logSum = _isLog != 0 ? GpuMath.LogOfNormal(sum) : 0;
        for (int c = lanes.Index; c < _columnCount; c += lanes.Count)
        {
            float shifted = _input[row, c] - largest;
            float y = _isLog != 0 ? shifted - logSum : GpuMath.Exp(shifted) / sum;
            float ofEmpty = _isLog != 0 ? float.NegativeInfinity : 0;
            _output.Store(row, c, isEmpty ? ofEmpty : y);
        }
    }
}
