using System.Runtime.CompilerServices;

namespace SeqInfer.Kernels.Ranking;

/// <summary>
/// The best items of one query so far, in memory of the caller's. Items come in ascending order of ids, each once.
/// </summary>
/// <remarks>
/// Up to <see cref="SortedLimit"/> items are kept sorted, each newcomer inserted in place. More are collected unsorted in twice the room,
/// and whenever that is full, a selection drops the worse half: the cost of an item stays constant while k grows.
/// </remarks>
internal unsafe struct TopKList
{
    /// <summary>The largest k that is kept sorted.</summary>
    public const int SortedLimit = 32;

    private readonly long* _keys;
    private readonly int _k;
    private int _count;

    /// <summary>An empty list.</summary>
    /// <param name="keys">Room for <see cref="RoomFor"/>(k) keys.</param>
    /// <param name="k">How many items to keep, at least 1.</param>
    public TopKList(long* keys, int k)
    {
        _keys = keys;
        _k = k;
        Threshold = float.NegativeInfinity;
    }

    /// <summary>A score below it cannot enter the list any more.</summary>
    public float Threshold { get; private set; }

    private readonly bool IsSorted => _k <= SortedLimit;

    /// <summary>Keys that a list of k items needs room for; grows with k.</summary>
    public static long RoomFor(int k) => k <= SortedLimit ? k : 2L * k;

    /// <summary>Takes in an item whose score is at least <see cref="Threshold"/>, if it is among the best.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Offer(float score, int id) => Add(TopKKey.Of(score, id));

    /// <summary>Takes in the items of another list of the same k, whatever their ids.</summary>
    public void Merge(in TopKList other)
    {
        for (int i = 0; i < other._count; i++) Add(other._keys[i]);
    }

    /// <summary>Writes the k best items, best first; places without an item get id -1 and score minus infinity.</summary>
    public void Finish(int* ids, float* scores, int places)
    {
        if (!IsSorted)
        {
            if (_count > _k) Prune();
            new Span<long>(_keys, _count).Sort();
            new Span<long>(_keys, _count).Reverse();
        }

        for (int i = 0; i < _count; i++)
        {
            ids[i] = TopKKey.Id(_keys[i]);
            scores[i] = TopKKey.Score(_keys[i]);
        }

        new Span<int>(ids + _count, places - _count).Fill(-1);
        new Span<float>(scores + _count, places - _count).Fill(float.NegativeInfinity);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(long key)
    {
        if (IsSorted)
        {
            Insert(key);
            return;
        }

        _keys[_count++] = key;
        if (_count == 2 * _k) Prune();
    }

    private void Insert(long key)
    {
        int place = _count;
        if (place < _k) _count++;
        else if (key <= _keys[--place]) return;
        for (; place > 0 && _keys[place - 1] < key; place--) _keys[place] = _keys[place - 1];
        _keys[place] = key;
        if (_count == _k) RaiseThreshold();
    }

    private void Prune()
    {
        Selection.LargestFirst(_keys, _count, _k);
        _count = _k;
        RaiseThreshold();
    }

    // Later items have higher ids, so an equal score comes too late. +infinity stays: nothing is above it, and the keys decide
    private void RaiseThreshold() => Threshold = MathF.BitIncrement(TopKKey.Score(_keys[_k - 1]));
}
