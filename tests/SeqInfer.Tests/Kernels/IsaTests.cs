using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels;

/// <summary>Detection, choice and dispatch of instruction sets, and the code the JIT makes where some are missing.</summary>
public sealed class IsaTests
{
    /// <summary>A runtime switch that takes instruction sets away from a child process, and the widest one that is left.</summary>
    public static TheoryData<string, Isa> Switches => new()
    {
        { "DOTNET_EnableAVX512", Isa.Avx2 },
        { "DOTNET_EnableAVX2", Isa.Vector128 },
        { "DOTNET_EnableHWIntrinsic", Isa.Scalar },
    };

    [Theory, MemberData(nameof(Switches))]
    public void With_instruction_sets_switched_off_the_rest_give_the_same_bits(string variable, Isa widest)
    {
        var (exitCode, output, error) = ChildProcess.Run([IsaProbe.Name], (variable, "0"), (IsaDetection.EnvironmentVariable, ""));
        Assert.True(exitCode == 0, error);
        Isa[] left = [.. IsaDetection.Supported.Where(isa => isa <= widest)];
        string[] expected = [$"chosen {IsaDetection.NameOf(left[^1])}", .. left.Select(IsaProbe.FingerprintOf)];
        Assert.Equal(expected, output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public void Lanewise_results_are_the_same_bits_at_every_width()
    {
        string[] lanewise = [.. IsaDetection.Supported.Select(isa => IsaProbe.FingerprintOf(isa).Split(' ')[1])];
        Assert.Single(lanewise.Distinct());
    }

    [Fact]
    public void The_environment_variable_chooses_any_supported_instruction_set()
    {
        foreach (Isa isa in IsaDetection.Supported)
        {
            var (_, output, _) = ChildProcess.Run([IsaProbe.Name], (IsaDetection.EnvironmentVariable, IsaDetection.NameOf(isa)));
            Assert.StartsWith($"chosen {IsaDetection.NameOf(isa)}\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_unsupported_instruction_set_is_an_error_that_names_the_supported_ones()
    {
        var (_, output, _) = ChildProcess.Run(
            [IsaProbe.Name], ("DOTNET_EnableHWIntrinsic", "0"), (IsaDetection.EnvironmentVariable, "avx2"));
        Assert.Contains("'avx2'", output, StringComparison.Ordinal);
        Assert.Contains("not supported by this process; allowed here: scalar.", output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_is_an_error_that_names_the_allowed_ones()
    {
        IsaException error = Assert.Throws<IsaException>(() => IsaDetection.Choose("sse9"));
        Assert.Equal("sse9", error.Requested);
        Assert.Equal(IsaDetection.Supported, error.Supported);
        Assert.Contains("'sse9'", error.Message, StringComparison.Ordinal);
        Assert.Contains("is unknown", error.Message, StringComparison.Ordinal);
        foreach (Isa isa in IsaDetection.Supported) Assert.Contains(IsaDetection.NameOf(isa), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_read_back_in_any_case_and_nothing_means_the_best()
    {
        Assert.All(IsaDetection.Supported, isa =>
            Assert.Equal(isa, IsaDetection.Choose($" {IsaDetection.NameOf(isa).ToUpperInvariant()} ")));
        Assert.Equal(IsaDetection.Best, IsaDetection.Choose(null));
        Assert.Equal(IsaDetection.Best, IsaDetection.Choose(""));
        Assert.Equal(IsaDetection.Supported[^1], IsaDetection.Best);
    }

    [Fact]
    public void Dispatch_makes_the_type_of_the_instruction_set_or_nothing()
    {
        foreach (Isa isa in Enum.GetValues<Isa>())
        {
            string? made = IsaDispatch.TryCreate<NameVisitor, string>(isa, default);
            Assert.Equal(IsaDetection.IsSupported(isa) ? IsaDetection.NameOf(isa) : null, made);
        }

        Assert.Null(IsaDispatch.TryCreate<NameVisitor, string>((Isa)99, default));
        Assert.False(IsaDetection.IsSupported((Isa)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => IsaDetection.NameOf((Isa)99));
    }

    private readonly struct NameVisitor : IIsaVisitor<string>
    {
        public string Visit<V>()
            where V : unmanaged, ISimd<V> =>
            V.Name;
    }
}
