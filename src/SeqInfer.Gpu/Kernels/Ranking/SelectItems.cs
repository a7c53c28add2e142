using ILGPU;

namespace SeqInfer.Gpu.Kernels.Ranking;

/// <summary>The ids among which a group selects: neighbouring ones, or those of a list, where -1 is none.</summary>
internal readonly struct SelectItems(Window scores, int row, int first, int count, ArrayView<int> list, int isList)
{
    public readonly int Count = count;

    private readonly Window _scores = scores;
    private readonly int _row = row;
    private readonly int _first = first;
    private readonly ArrayView<int> _list = list;
    private readonly int _isList = isList;

    public int Id(int place) => _isList != 0 ? _list[((long)_row * Count) + place] : _first + place;

    /// <summary>The key of an id, 0 for none.</summary>
    public ulong Key(int id) => id < 0 ? RankKey.None : RankKey.Of(_scores[_row, id], id);
}
