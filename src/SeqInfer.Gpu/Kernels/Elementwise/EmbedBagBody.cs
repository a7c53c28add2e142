using ILGPU;

namespace SeqInfer.Gpu.Kernels.Elementwise;

/// <summary>y[s] = sum over the ids of bag s of weight * table row, in their order.</summary>
internal readonly struct EmbedBagBody(Window table, ArrayView<int> ids, Sequences bags, ArrayView<float> weights, int isWeighted, Window output) : IElementBody
{
    private readonly Window _table = table;
    private readonly ArrayView<int> _ids = ids;
    private readonly Sequences _bags = bags;
    private readonly ArrayView<float> _weights = weights;
    private readonly int _isWeighted = isWeighted;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        float sum = 0;
        int end = _bags.End(row);
        for (int i = _bags.Start(row); i < end; i++)
        {
            int id = _ids[i];
            if (id < 0)
                continue;
            float weight = _isWeighted != 0 ? _weights[i] : 1;
            sum = GpuMath.Fma(weight, _table[id, column], sum);
        }

        _output.Store(row, column, sum);
    }
}
