namespace SeqInfer.Gpu.Kernels.Rows;

/// <summary>y[r] = half the sum over k of (sum of v)^2 - sum of v^2, over the fields.</summary>
internal readonly struct FactorizationMachineBody(Window input, int fieldCount, int size, Window output) : IRowBody
{
    private readonly Window _input = input;
    private readonly int _fieldCount = fieldCount;
    private readonly int _size = size;
    private readonly Window _output = output;

    public void Row<TLanes>(int row, bool writes, TLanes lanes)
        where TLanes : struct, ILanes
    {
        float total = 0;
        for (int k = lanes.Index; k < _size; k += lanes.Count)
        {
            float sum = 0;
            float squares = 0;
            for (int field = 0; field < _fieldCount; field++)
            {
                float v = _input[row, (field * _size) + k];
                sum += v;
                squares = GpuMath.Fma(v, v, squares);
            }

            total += GpuMath.Fma(sum, sum, -squares);
        }

        total = lanes.Sum(total);
        if (writes && lanes.Index == 0)
            _output.Store(row, 0, 0.5f * total);
    }
}
