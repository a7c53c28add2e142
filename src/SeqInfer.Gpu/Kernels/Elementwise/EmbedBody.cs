using ILGPU;

namespace SeqInfer.Gpu.Kernels.Elementwise;

/// <summary>y[r] = scale * table[ids[r]]; zeros where the id is -1.</summary>
internal readonly struct EmbedBody(Window table, ArrayView<int> ids, float scale, Window output) : IElementBody
{
    private readonly Window _table = table;
    private readonly ArrayView<int> _ids = ids;
    private readonly float _scale = scale;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        int id = _ids[row];
        _output.Store(row, column, id < 0 ? 0 : _scale * _table[id, column]);
    }
}
