using ILGPU;
using SeqInfer.Gpu.Kernels.Elementwise;

namespace SeqInfer.Gpu.Kernels.Ranking;

/// <summary>Several lists of k of every user: entry e of a user is place e % k of list e / k.</summary>
internal readonly struct RankedLists(ArrayView<int> ids, Window scores, int userCount, int listCount, int k)
{
    public readonly int Count = listCount * k;

    private readonly ArrayView<int> _ids = ids;
    private readonly Window _scores = scores;
    private readonly int _userCount = userCount;
    private readonly int _k = k;

    public int Id(int user, int entry) => _ids[((long)Row(user, entry) * _k) + (entry % _k)];

    public float Score(int user, int entry) => _scores[Row(user, entry), entry % _k];

    private int Row(int user, int entry) => (entry / _k * _userCount) + user;
}

/// <summary>
/// Marks the entries that count: 1 for an item's best score, the earlier entry where it stands twice with it, else 0. The first threads
/// also empty the result.
/// </summary>
internal readonly struct MergeMarkBody(RankedLists lists, int k, Window marks, ArrayView<int> ids, Window best) : IElementBody
{
    private readonly RankedLists _lists = lists;
    private readonly int _k = k;
    private readonly Window _marks = marks;
    private readonly ArrayView<int> _ids = ids;
    private readonly Window _best = best;

    public void At(int row, int column)
    {
        int id = _lists.Id(row, column);
        float score = _lists.Score(row, column);
        bool counts = id >= 0;
        for (int e = 0; e < _lists.Count && counts; e++)
        {
            float other = _lists.Score(row, e);
            if (_lists.Id(row, e) == id && (other > score || (other == score && e < column)))
                counts = false;
        }

        _marks.Store(row, column, counts ? 1 : 0);
        if (column < _k)
        {
            _ids[((long)row * _k) + column] = -1;
            _best.Store(row, column, float.NegativeInfinity);
        }
    }
}

/// <summary>Puts every entry that counts at its rank.</summary>
internal readonly struct MergeRankBody(RankedLists lists, int k, Window marks, ArrayView<int> ids, Window best) : IElementBody
{
    private readonly RankedLists _lists = lists;
    private readonly int _k = k;
    private readonly Window _marks = marks;
    private readonly ArrayView<int> _ids = ids;
    private readonly Window _best = best;

    public void At(int row, int column)
    {
        if (_marks[row, column] == 0)
            return;
        int id = _lists.Id(row, column);
        float score = _lists.Score(row, column);
        ulong key = RankKey.Of(score, id);
        int rank = 0;
        for (int e = 0; e < _lists.Count; e++)
        {
            if (_marks[row, e] != 0 && RankKey.Of(_lists.Score(row, e), _lists.Id(row, e)) > key)
                rank++;
        }

        if (rank < _k)
        {
            _ids[((long)row * _k) + rank] = id;
            _best.Store(row, rank, score);
        }
    }
}
