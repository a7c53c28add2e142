namespace SeqInfer.Tensors;

/// <summary>
/// A row-major matrix window into a <see cref="Workspace"/>: no pointer, no element type, only where it lies.
/// Offsets count elements, so the same window means floats on the CPU, device memory on a GPU and doubles on the reference device.
/// </summary>
public readonly struct Tensor : IEquatable<Tensor>
{
    internal Tensor(long offset, int rows, int columns, int stride)
    {
        Offset = offset;
        RowCount = rows;
        ColumnCount = columns;
        Stride = stride;
    }

    /// <summary>Index of the first element in the workspace.</summary>
    public long Offset { get; }

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>Number of columns.</summary>
    public int ColumnCount { get; }

    /// <summary>Elements between the starts of two neighbouring rows, at least <see cref="ColumnCount"/>.</summary>
    public int Stride { get; }

    /// <summary>Number of elements a reader sees, padding between rows not counted.</summary>
    public long ElementCount => (long)RowCount * ColumnCount;

    /// <summary>True when there is nothing to read or write.</summary>
    public bool IsEmpty => RowCount == 0 || ColumnCount == 0;

    /// <summary>First element past the window's last row.</summary>
    internal long End => IsEmpty ? Offset : Offset + ((long)(RowCount - 1) * Stride) + ColumnCount;

    /// <summary>The rows <paramref name="start"/> .. <paramref name="start"/> + <paramref name="count"/> - 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rows are not inside this window.</exception>
    public Tensor Rows(int start, int count)
    {
        CheckRange(start, count, RowCount, nameof(start));
        return new Tensor(count == 0 ? Offset : Offset + ((long)start * Stride), count, ColumnCount, Stride);
    }

    /// <summary>The columns <paramref name="start"/> .. <paramref name="start"/> + <paramref name="count"/> - 1 of every row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The columns are not inside this window.</exception>
    public Tensor Columns(int start, int count)
    {
        CheckRange(start, count, ColumnCount, nameof(start));
        return new Tensor(IsEmpty || count == 0 ? Offset : Offset + start, RowCount, count, Stride);
    }

    /// <summary>A single row seen as a column of as many rows.</summary>
    internal Tensor AsColumn() => RowCount == 1
        ? new Tensor(Offset, ColumnCount, 1, 1)
        : throw new InvalidOperationException($"{this} is not a single row");

    /// <summary>True when both windows have the same number of rows and columns.</summary>
    public bool HasShapeOf(Tensor other) => RowCount == other.RowCount && ColumnCount == other.ColumnCount;

    /// <summary>True when some element may belong to both windows.</summary>
    internal bool Overlaps(Tensor other)
    {
        if (IsEmpty || other.IsEmpty || End <= other.Offset || other.End <= Offset)
            return false;
        if (Stride != other.Stride)
            return true;

        // Two column ranges of one matrix share memory only where their columns meet.
        long distance = Math.Abs(Offset - other.Offset) % Stride;
        (int first, int second) = Offset <= other.Offset ? (ColumnCount, other.ColumnCount) : (other.ColumnCount, ColumnCount);
        return distance < first || distance + second > Stride;
    }

    /// <inheritdoc/>
    public bool Equals(Tensor other) => Offset == other.Offset && HasShapeOf(other) && Stride == other.Stride;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Offset, RowCount, ColumnCount, Stride);

    /// <summary>Same window.</summary>
    public static bool operator ==(Tensor left, Tensor right) => left.Equals(right);

    /// <summary>Another window.</summary>
    public static bool operator !=(Tensor left, Tensor right) => !left.Equals(right);

    /// <summary>"[rows, columns]".</summary>
    public override string ToString() => $"[{RowCount}, {ColumnCount}]";

    private static void CheckRange(int start, int count, int length, string name)
    {
        if ((uint)start > (uint)length || (uint)count > (uint)(length - start))
            throw new ArgumentOutOfRangeException(name, $"{start} .. {start} + {count} is outside 0 .. {length}");
    }
}
