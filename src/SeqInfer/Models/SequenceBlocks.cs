using SeqInfer.Tensors;

namespace SeqInfer.Models;

/// <summary>
/// Cuts a batch into runs of sequences that go through a model one after the other, so that what one layer writes is still in the cache
/// when the next reads it, and the arena holds the windows of one run only. Results do not depend on the cut.
/// </summary>
/// <remarks>While planning there is a single run: the largest one that any batch up to this size can have.</remarks>
internal ref struct SequenceBlocks
{
    // Fewer rows would read the weights of wide layers too often
    private const int MinRows = 128;

    private readonly Workspace _workspace;
    private readonly Ragged _sequences;
    private readonly int _maxRows;

    /// <summary>Cuts sequences.</summary>
    /// <param name="workspace">Holds the offsets.</param>
    /// <param name="sequences">The batch.</param>
    /// <param name="elements">Elements of windows that should be in use at once.</param>
    /// <param name="rowElements">How many of them a row needs.</param>
    /// <param name="minSequences">Sequences of full length that a run has even if they need more.</param>
    public SequenceBlocks(Workspace workspace, Ragged sequences, long elements, long rowElements, int minSequences = 1)
    {
        _workspace = workspace;
        _sequences = sequences;
        long rows = Math.Max(elements / Math.Max(1, rowElements), (long)minSequences * sequences.Longest);
        _maxRows = (int)Math.Clamp(rows, MinRows, int.MaxValue);
    }

    /// <summary>First sequence of the run.</summary>
    public int First { get; private set; }

    /// <summary>Sequences of the run.</summary>
    public int Count { get; private set; }

    /// <summary>First row of the run.</summary>
    public int FirstRow { get; private set; }

    /// <summary>Rows of the run.</summary>
    public int RowCount { get; private set; }

    private readonly bool IsWhole => Count == _sequences.Count && RowCount == _sequences.RowCount;

    /// <summary>Goes on to the next run.</summary>
    public bool MoveNext()
    {
        First += Count;
        FirstRow += RowCount;
        Count = 0;
        RowCount = 0;
        if (_workspace.IsPlanning)
            return First == 0 && _sequences.Count > 0 && Plan();
        ReadOnlySpan<int> offsets = _workspace.Span(_sequences.Offsets);
        while (First + Count < _sequences.Count && Count < _maxRows)
        {
            int rows = offsets[First + Count + 1] - FirstRow;
            if (rows > _maxRows)
                break;
            RowCount = rows;
            Count++;
        }

        return Count > 0;
    }

    /// <summary>The sequences of the run as a batch of their own; freed with the caller's frame.</summary>
    public readonly Ragged TakeSequences()
    {
        if (IsWhole)
            return _sequences;
        Indices offsets = _workspace.TakeIndices(Count + 1);
        if (!_workspace.IsPlanning)
        {
            ReadOnlySpan<int> all = _workspace.Span(_sequences.Offsets).Slice(First, Count + 1);
            Span<int> own = _workspace.Span(offsets);
            for (int i = 0; i < own.Length; i++)
                own[i] = all[i] - FirstRow;
        }

        return new Ragged(offsets, RowCount, Math.Min(_sequences.Longest, RowCount));
    }

    /// <summary>The run's rows among rows of the batch, counted from its first one; freed with the caller's frame.</summary>
    /// <param name="rows">One row of each sequence of the batch.</param>
    public readonly Indices TakeRows(Indices rows)
    {
        if (IsWhole)
            return rows;
        Indices taken = _workspace.TakeIndices(Count);
        ReadOnlySpan<int> all = _workspace.Span(rows).Slice(First, Count);
        Span<int> own = _workspace.Span(taken);
        for (int i = 0; i < own.Length; i++)
            own[i] = _workspace.IsPlanning ? 0 : all[i] - FirstRow;
        return taken;
    }

    // Only offsets are needed to be as many as there can be: operations look at none while planning
    private bool Plan()
    {
        RowCount = Math.Min(_sequences.RowCount, _maxRows);
        Count = Math.Min(_sequences.Count, _maxRows);
        return true;
    }
}
