using System.Globalization;

namespace SeqInfer.Tensors;

/// <summary>
/// The immutable dimensions of a tensor, outermost first. Rank 0 is a scalar of one element. Dimensions are unsigned 64-bit numbers, as in
/// a safetensors header, so a file can be described faithfully before anything about it is believed.
/// </summary>
public readonly struct Shape : IEquatable<Shape>
{
    private readonly ulong[]? _dimensions;

    /// <summary>Creates a shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative.</exception>
    public Shape(params ReadOnlySpan<long> dimensions)
    {
        ulong[] copy = new ulong[dimensions.Length];
        for (int i = 0; i < copy.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dimensions[i], nameof(dimensions));
            copy[i] = (ulong)dimensions[i];
        }

        _dimensions = copy;
    }

    private Shape(ulong[] dimensions) => _dimensions = dimensions;

    /// <summary>Number of dimensions.</summary>
    public int Rank => _dimensions?.Length ?? 0;

    /// <summary>The dimensions, outermost first.</summary>
    public ReadOnlySpan<ulong> Dimensions => _dimensions;

    /// <summary>
    /// Product of the dimensions, 1 for rank 0.
    /// </summary>
    /// <exception cref="OverflowException">The product, taken from the first dimension to the last, exceeds 64 bits.</exception>
    public ulong ElementCount => TryGetElementCount(out ulong count)
        ? count
        : throw new OverflowException($"The number of elements of shape {this} exceeds 64 bits.");

    /// <summary>One dimension.</summary>
    /// <param name="index">0 is the outermost.</param>
    public ulong this[int index] => Dimensions[index];

    /// <summary>Same rank and same dimensions.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Another rank or another dimension.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>Creates a shape from unsigned dimensions.</summary>
    public static Shape FromUnsigned(params ReadOnlySpan<ulong> dimensions) => new(dimensions.ToArray());

    /// <summary>
    /// Multiplies the dimensions from the first to the last and fails when an intermediate product exceeds 64 bits: [0, 2^63, 2^63] has 0
    /// elements, [2^63, 2^63, 0] overflows.
    /// </summary>
    public bool TryGetElementCount(out ulong count)
    {
        count = 1;
        foreach (ulong dimension in Dimensions)
        {
            if (Math.BigMul(count, dimension, out count) != 0) return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) => Dimensions.SequenceEqual(other.Dimensions);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (ulong dimension in Dimensions) hash.Add(dimension);
        return hash.ToHashCode();
    }

    /// <summary>The dimensions in brackets: <c>[2, 3]</c>, <c>[]</c> for a scalar.</summary>
    public override string ToString()
        => "[" + string.Join(", ", Dimensions.ToArray().Select(d => d.ToString(CultureInfo.InvariantCulture))) + "]";
}
