namespace SeqInfer.Kernels.Simd;

/// <summary>Which instruction sets this process can run, and which one it should.</summary>
public static class IsaDetection
{
    /// <summary>The environment variable that forces an instruction set: avx512, avx2, vector128 or scalar.</summary>
    public const string EnvironmentVariable = "SEQINFER_ISA";

    /// <summary>The widest supported instruction set, whatever the environment variable says.</summary>
    public static Isa Best => IsSupported(Isa.Avx512) ? Isa.Avx512
        : IsSupported(Isa.Avx2) ? Isa.Avx2
        : IsSupported(Isa.Vector128) ? Isa.Vector128
        : Isa.Scalar;

    /// <summary>The supported instruction sets, narrowest first.</summary>
    public static IReadOnlyList<Isa> Supported => [.. Enum.GetValues<Isa>().Where(IsSupported)];

    /// <summary>Whether this process runs <paramref name="isa"/> in hardware.</summary>
    public static bool IsSupported(Isa isa) => isa switch
    {
        Isa.Scalar => F1.IsSupported,
        Isa.Vector128 => F128.IsSupported,
        Isa.Avx2 => F256.IsSupported,
        Isa.Avx512 => F512.IsSupported,
        _ => false,
    };

    /// <summary>The name as <see cref="EnvironmentVariable"/> and kernel names spell it.</summary>
    public static string NameOf(Isa isa) => isa switch
    {
        Isa.Scalar => F1.Name,
        Isa.Vector128 => F128.Name,
        Isa.Avx2 => F256.Name,
        Isa.Avx512 => F512.Name,
        _ => throw new ArgumentOutOfRangeException(nameof(isa), isa, "Not an instruction set of the CPU kernels."),
    };

    /// <summary>The instruction set <see cref="EnvironmentVariable"/> asks for, or <see cref="Best"/> if it is unset or empty.</summary>
    /// <exception cref="IsaException">The variable names no instruction set, or one that this process does not support.</exception>
    public static Isa FromEnvironment() => Choose(Environment.GetEnvironmentVariable(EnvironmentVariable));

    /// <summary>The instruction set of that name, or <see cref="Best"/> if it is null or empty. Case does not matter.</summary>
    /// <exception cref="IsaException">The name is unknown, or this process does not support the instruction set.</exception>
    public static Isa Choose(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return Best;
        foreach (Isa isa in Supported)
        {
            if (string.Equals(NameOf(isa), name.Trim(), StringComparison.OrdinalIgnoreCase)) return isa;
        }

        throw new IsaException(name, Supported);
    }
}
