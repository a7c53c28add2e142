using SeqInfer.Tensors;

namespace SeqInfer.Bench.Recording;

/// <summary>
/// Which value each window of an arena holds: windows are written in place and overlap, values never change. A window is read as the value
/// that was written to it last, as a part of a larger one, or as several that lie beside or below one another.
/// </summary>
internal sealed class SymbolicMemory
{
    // Oldest first.
    private readonly List<(Tensor Window, Recorded Value)> _regions = [];

    /// <summary>Lets a window hold a value.</summary>
    public void Write(Tensor window, Recorded value)
    {
        if (window.RowCount != value.RowCount || window.ColumnCount != value.ColumnCount)
            throw new RecordingException($"a value [{value.RowCount}, {value.ColumnCount}] for a window {window}");
        _regions.RemoveAll(region => IsLost(region.Window, window));
        _regions.Add((window, value));
    }

    /// <summary>What a window holds.</summary>
    /// <param name="window">The window.</param>
    /// <param name="concat">Joins values: along rows (true) or columns.</param>
    /// <exception cref="RecordingException">Nothing was written to it, or only to parts of it.</exception>
    public Recorded Read(Tensor window, Func<IReadOnlyList<Recorded>, bool, Recorded> concat)
    {
        List<(Tensor Window, Recorded Value)> parts = [];
        for (int i = _regions.Count - 1; i >= 0; i--)
        {
            (Tensor region, Recorded value) = _regions[i];
            if (region == window && parts.Count == 0)
                return value;
            if (!region.Overlaps(window))
                continue;
            if (parts.Count == 0 && TryPlace(region, window, out int row, out int column))
                return value.Columns(column, window.ColumnCount).Rows(row, window.RowCount);
            if (!TryPlace(window, region, out _, out _))
                break;
            parts.Add((region, value));
        }

        parts.Sort((left, right) => left.Window.Offset.CompareTo(right.Window.Offset));
        bool areRows = parts.TrueForAll(part => part.Window.ColumnCount == window.ColumnCount)
            && parts.Sum(part => part.Window.RowCount) == window.RowCount;
        bool areColumns = parts.TrueForAll(part => part.Window.RowCount == window.RowCount)
            && parts.Sum(part => part.Window.ColumnCount) == window.ColumnCount;
        return parts.Count > 1 && (areRows || areColumns)
            ? concat([.. parts.Select(part => part.Value)], areRows)
            : throw new RecordingException($"the window {window} at {window.Offset} is read before all of it is written");
    }

    // What is covered is gone, and so is what was seen with another stride: its rows no longer lie where they did.
    private static bool IsLost(Tensor old, Tensor written) =>
        old.Overlaps(written) && (old.Stride != written.Stride || TryPlace(written, old, out _, out _));

    private static bool TryPlace(Tensor outer, Tensor inner, out int row, out int column)
    {
        long distance = inner.Offset - outer.Offset;
        row = (int)(distance / outer.Stride);
        column = (int)(distance % outer.Stride);
        return outer.Stride == inner.Stride
            && distance >= 0
            && column + inner.ColumnCount <= outer.ColumnCount
            && row + inner.RowCount <= outer.RowCount;
    }
}
