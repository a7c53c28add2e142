namespace SeqInfer.Tensors;

/// <summary>
/// Sequences of different lengths laid end to end: sequence s has the rows offsets[s] .. offsets[s + 1] - 1.
/// Nothing is padded.
/// </summary>
public readonly struct Ragged : IEquatable<Ragged>
{
    internal Ragged(Indices offsets, int rows, int longest)
    {
        Offsets = offsets;
        RowCount = rows;
        Longest = longest;
    }

    /// <summary>Count + 1 offsets, ascending from 0 to <see cref="RowCount"/>.</summary>
    public Indices Offsets { get; }

    /// <summary>Number of sequences.</summary>
    public int Count => Offsets.Count - 1;

    /// <summary>Number of rows of all sequences together.</summary>
    public int RowCount { get; }

    /// <summary>Number of rows of the longest sequence.</summary>
    public int Longest { get; }

    /// <inheritdoc/>
    public bool Equals(Ragged other) => Offsets == other.Offsets && RowCount == other.RowCount && Longest == other.Longest;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Ragged other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Offsets, RowCount, Longest);

    /// <summary>Same offsets.</summary>
    public static bool operator ==(Ragged left, Ragged right) => left.Equals(right);

    /// <summary>Other offsets.</summary>
    public static bool operator !=(Ragged left, Ragged right) => !left.Equals(right);
}
