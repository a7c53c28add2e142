using ILGPU;

namespace SeqInfer.Gpu.Kernels.Elementwise;

/// <summary>y[r] = scale * table[ids[r]] + places[positions[r]], rounded once; -1 stands for a row of zeros.</summary>
internal readonly struct EmbedPositionsBody(Window table, ArrayView<int> ids, float scale, Window places, ArrayView<int> positions, Window output) : IElementBody
{
    private readonly Window _table = table;
    private readonly ArrayView<int> _ids = ids;
    private readonly float _scale = scale;
    private readonly Window _places = places;
    private readonly ArrayView<int> _positions = positions;
    private readonly Window _output = output;

    public void At(int row, int column)
    {
        int id = _ids[row];
        int position = _positions[row];
        float place = position < 0 ? 0 : _places[position, column];
        _output.Store(row, column, id < 0 ? place : GpuMath.Fma(_scale, _table[id, column], place));
    }
}
