namespace SeqInfer.Tensors;

/// <summary>A window of 32-bit integers in a <see cref="Workspace"/>: ids, offsets, positions or counts in host memory.</summary>
public readonly struct Indices : IEquatable<Indices>
{
    internal Indices(int offset, int count)
    {
        Offset = offset;
        Count = count;
    }

    /// <summary>Index of the first integer in the workspace's integer arena.</summary>
    public int Offset { get; }

    /// <summary>Number of integers.</summary>
    public int Count { get; }

    /// <summary>The integers <paramref name="start"/> .. <paramref name="start"/> + <paramref name="count"/> - 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are not inside this window.</exception>
    public Indices Slice(int start, int count)
    {
        if ((uint)start > (uint)Count || (uint)count > (uint)(Count - start))
            throw new ArgumentOutOfRangeException(nameof(start), $"{start} .. {start} + {count} is outside 0 .. {Count}");
        return new Indices(Offset + start, count);
    }

    /// <inheritdoc/>
    public bool Equals(Indices other) => Offset == other.Offset && Count == other.Count;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Indices other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Offset, Count);

    /// <summary>Same window.</summary>
    public static bool operator ==(Indices left, Indices right) => left.Equals(right);

    /// <summary>Another window.</summary>
    public static bool operator !=(Indices left, Indices right) => !left.Equals(right);

    /// <summary>"int[count]".</summary>
    public override string ToString() => $"int[{Count}]";
}
