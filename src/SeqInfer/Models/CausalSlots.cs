using SeqInfer.Tensors;

namespace SeqInfer.Models;

/// <summary>
/// The slots of a window that one layer of causal convolutions has to compute for an output at the window's end, as distances back from it.
/// A sequence has a row for each distance that lies in its window, the nearest first.
/// </summary>
internal sealed class CausalSlots
{
    private readonly int[] _distances;
    private readonly int[] _places;

    private CausalSlots(int[] distances, int windowLength)
    {
        _distances = distances;
        _places = new int[windowLength];
        for (int i = 0; i < distances.Length; i++)
            _places[distances[i]] = i;
    }

    /// <summary>The last slot alone.</summary>
    public static CausalSlots Last(int windowLength) => new([0], windowLength);

    /// <summary>These slots and all that a convolution looks back at from them.</summary>
    public CausalSlots SeenThrough(int tapCount, int dilation)
    {
        var seen = new SortedSet<int>();
        foreach (int distance in _distances)
        {
            for (long back = distance; back < Math.Min(_places.Length, distance + ((long)tapCount * dilation)); back += dilation)
                seen.Add((int)back);
        }

        return new CausalSlots([.. seen], _places.Length);
    }

    /// <summary>The rows of every sequence. While planning, as many as any sequences of so many slots may have.</summary>
    public Ragged Rows(Workspace workspace, Ragged windows)
    {
        Indices offsets = workspace.TakeIndices(windows.Count + 1);
        ReadOnlySpan<int> ends = workspace.Span(windows.Offsets);
        Span<int> rows = workspace.Span(offsets);
        rows[0] = 0;
        for (int s = 0; s < windows.Count; s++)
            rows[s + 1] = rows[s] + CountOf(ends[s + 1] - ends[s]);
        int total = workspace.IsPlanning ? (int)Math.Min(windows.RowCount, (long)windows.Count * _distances.Length) : rows[windows.Count];
        return new Ragged(offsets, total, Math.Min(_distances.Length, windows.Longest));
    }

    /// <summary>For every row, what stands in its slot.</summary>
    public Indices Pick(Workspace workspace, Indices slots, Ragged windows, Ragged rows)
    {
        Indices picked = workspace.TakeIndices(rows.RowCount);
        ReadOnlySpan<int> ends = workspace.Span(windows.Offsets);
        ReadOnlySpan<int> values = workspace.Span(slots);
        Span<int> target = workspace.Span(picked);
        int row = 0;
        for (int s = 0; s < windows.Count; s++)
        {
            int count = CountOf(ends[s + 1] - ends[s]);
            for (int i = 0; i < count; i++)
                target[row++] = values[ends[s + 1] - 1 - _distances[i]];
        }

        return picked;
    }

    /// <summary>For every tap, the oldest first, the input row of every row; -1 where it lies before the window.</summary>
    /// <param name="workspace">Holds the result.</param>
    /// <param name="windows">The windows.</param>
    /// <param name="rows">The rows of these slots.</param>
    /// <param name="inputs">The slots of the layer below.</param>
    /// <param name="inputRows">Their rows.</param>
    /// <param name="tapCount">Taps.</param>
    /// <param name="dilation">Slots from one tap to the next.</param>
    public Indices Taps(
        Workspace workspace, Ragged windows, Ragged rows, CausalSlots inputs, Ragged inputRows, int tapCount, int dilation)
    {
        Indices taps = workspace.TakeIndices(checked(tapCount * rows.RowCount));
        ReadOnlySpan<int> ends = workspace.Span(windows.Offsets);
        ReadOnlySpan<int> starts = workspace.Span(inputRows.Offsets);
        for (int tap = 0; tap < tapCount; tap++)
        {
            Span<int> target = workspace.Span(taps.Slice(tap * rows.RowCount, rows.RowCount));
            long back = (long)(tapCount - 1 - tap) * dilation;
            int row = 0;
            for (int s = 0; s < windows.Count; s++)
            {
                int length = ends[s + 1] - ends[s];
                int count = CountOf(length);
                for (int i = 0; i < count; i++)
                {
                    long distance = _distances[i] + back;
                    target[row++] = distance < length ? starts[s] + inputs._places[distance] : -1;
                }
            }
        }

        return taps;
    }

    /// <summary>How many of the distances lie in a window.</summary>
    private int CountOf(int length)
    {
        int place = Array.BinarySearch(_distances, length);
        return place < 0 ? ~place : place;
    }
}
