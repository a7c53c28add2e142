namespace SeqInfer.Inputs;

/// <summary>Which outputs of a <see cref="ModelSignature"/> a request wants. A forward pass computes no others.</summary>
public readonly record struct OutputSet
{
    private readonly ulong _bits;

    private OutputSet(ulong bits) => _bits = bits;

    /// <summary>Every output.</summary>
    public static OutputSet All => new(ulong.MaxValue);

    /// <summary>True when nothing is wanted.</summary>
    public bool IsEmpty => _bits == 0;

    /// <summary>This set and one more output.</summary>
    public OutputSet With(int output)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(output);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(output, 63);
        return new OutputSet(_bits | (1UL << output));
    }

    /// <summary>True when the output is wanted.</summary>
    public bool Contains(int output) => ((_bits >> output) & 1) != 0;

    /// <summary>The outputs of both sets.</summary>
    public OutputSet Union(OutputSet other) => new(_bits | other._bits);

    /// <summary>True when every output of <paramref name="other"/> is in this set.</summary>
    public bool Includes(OutputSet other) => (other._bits & ~_bits) == 0;
}
