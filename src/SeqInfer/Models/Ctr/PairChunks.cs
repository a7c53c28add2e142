using SeqInfer.Tensors;

namespace SeqInfer.Models.Ctr;

/// <summary>
/// All pairs of a candidate and an event of its user, some hundred at a time: what a network makes of them stays in the cache, and the
/// memory for it does not grow with candidates times events.
/// </summary>
internal struct PairChunks
{
    /// <summary>Pairs that a chunk has at most, unless a single history is longer.</summary>
    private const int UsualPairs = 512;

    private readonly Workspace _workspace;
    private readonly Ragged _events;
    private readonly Ragged _candidates;
    private readonly Indices _targets;
    private readonly Indices _eventOf;
    private readonly Indices _offsets;
    private int _row;
    private int _next;

    /// <summary>Takes the memory of the largest chunk, which follows from the number of candidates and the longest history.</summary>
    public PairChunks(Workspace workspace, Ragged events, Ragged candidates)
    {
        _workspace = workspace;
        _events = events;
        _candidates = candidates;
        int pairs = (int)Math.Min((long)candidates.RowCount * events.Longest, Math.Max(UsualPairs, events.Longest));
        _targets = workspace.TakeIndices(pairs);
        _eventOf = workspace.TakeIndices(pairs);
        _offsets = workspace.TakeIndices(Math.Min(candidates.RowCount, UsualPairs) + 1);
    }

    /// <summary>The most pairs that a chunk may have.</summary>
    public readonly int MaxPairs => _targets.Count;

    /// <summary>The next chunk; false at the end. While measuring there is one, of the largest size.</summary>
    public bool TryNext(out PairChunk chunk)
    {
        chunk = default;
        if (_next == _candidates.RowCount)
            return false;
        if (_workspace.IsPlanning)
        {
            _next = _candidates.RowCount;
            int most = _offsets.Count - 1;
            chunk = new PairChunk(0, most, _targets, _eventOf, new Ragged(_offsets, MaxPairs, _events.Longest));
            return true;
        }

        ReadOnlySpan<int> candidates = _workspace.Span(_candidates.Offsets);
        ReadOnlySpan<int> events = _workspace.Span(_events.Offsets);
        Span<int> targets = _workspace.Span(_targets);
        Span<int> eventOf = _workspace.Span(_eventOf);
        Span<int> offsets = _workspace.Span(_offsets);
        int first = _next;
        int count = 0;
        int longest = 0;
        offsets[0] = 0;
        while (_next < _candidates.RowCount && _next - first < offsets.Length - 1)
        {
            while (candidates[_row + 1] <= _next)
                _row++;
            int length = events[_row + 1] - events[_row];
            if (count + length > targets.Length)
                break;
            for (int i = 0; i < length; i++, count++)
            {
                targets[count] = _next;
                eventOf[count] = events[_row] + i;
            }

            longest = Math.Max(longest, length);
            _next++;
            offsets[_next - first] = count;
        }

        int targetCount = _next - first;
        var sequences = new Ragged(_offsets.Slice(0, targetCount + 1), count, longest);
        chunk = new PairChunk(first, targetCount, _targets.Slice(0, count), _eventOf.Slice(0, count), sequences);
        return true;
    }
}
