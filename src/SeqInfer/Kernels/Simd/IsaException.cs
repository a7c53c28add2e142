namespace SeqInfer.Kernels.Simd;

/// <summary>An instruction set was asked for by a name that is unknown or that this process does not support.</summary>
public sealed class IsaException : SeqInferException
{
    internal IsaException(string requested, IReadOnlyList<Isa> supported)
        : base($"Instruction set '{requested}' (from {IsaDetection.EnvironmentVariable} or a device option) is "
            + (IsKnown(requested) ? "not supported by this process" : "unknown")
            + $"; allowed here: {string.Join(", ", supported.Select(IsaDetection.NameOf))}.")
    {
        Requested = requested;
        Supported = supported;
    }

    /// <summary>The name that was asked for.</summary>
    public string Requested { get; }

    /// <summary>The instruction sets that could have been asked for.</summary>
    public IReadOnlyList<Isa> Supported { get; }

    private static bool IsKnown(string name) =>
        Enum.GetValues<Isa>().Any(isa => string.Equals(IsaDetection.NameOf(isa), name.Trim(), StringComparison.OrdinalIgnoreCase));
}
