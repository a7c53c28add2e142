using ILGPU;
using SeqInfer.Gpu.Kernels.Elementwise;

namespace SeqInfer.Gpu.Kernels.Ranking;

/// <summary>Makes the scores of excluded ids NaN, which never ranks: one thread an entry of the lists, for the rows from a first one on.</summary>
internal readonly struct HideListsBody(ArrayView<int> ids, Sequences lists, int firstRow, int rowCount, int itemCount, Window scores) : IElementBody
{
    private readonly ArrayView<int> _ids = ids;
    private readonly Sequences _lists = lists;
    private readonly int _firstRow = firstRow;
    private readonly int _rowCount = rowCount;
    private readonly int _itemCount = itemCount;
    private readonly Window _scores = scores;

    public void At(int row, int column)
    {
        int id = _ids[row];
        int target = _lists.Of(row) - _firstRow;
        if (id >= 0 && id < _itemCount && target >= 0 && target < _rowCount)
            _scores.Store(target, id, float.NaN);
    }
}

/// <summary>Makes the scores of ids NaN for every row.</summary>
internal readonly struct HideEverywhereBody(ArrayView<int> ids, int itemCount, Window scores) : IElementBody
{
    private readonly ArrayView<int> _ids = ids;
    private readonly int _itemCount = itemCount;
    private readonly Window _scores = scores;

    public void At(int row, int column)
    {
        int id = _ids[column];
        if (id >= 0 && id < _itemCount)
            _scores.Store(row, id, float.NaN);
    }
}
