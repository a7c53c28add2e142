using SeqInfer.Cli.Verification;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Verification;

/// <summary>Every case, on the reference device and at every width of the CPU, within the tolerance that the case states.</summary>
public sealed class CaseTests
{
    private static readonly string[] Families = ["sasrec", "gru4rec", "rnn", "lstm", "topk"];

    private static IEnumerable<string> Devices => ["reference", .. IsaDetection.Supported.Select(isa => $"cpu:{IsaDetection.NameOf(isa)}")];

    public static TheoryData<string, string> GoldenCases()
    {
        TheoryData<string, string> data = [];
        foreach (string name in Goldens.CaseNames)
        {
            foreach (string device in Devices)
                data.Add(name, device);
        }

        return data;
    }

    public static TheoryData<string?, string> Checkpoints()
    {
        TheoryData<string?, string> data = [];
        IEnumerable<string> names = SharedCases.Root is null
            ? []
            : Directory.EnumerateDirectories(SharedCases.Root).Where(CaseReader.IsCase).Select(path => Path.GetFileName(path));
        foreach (string name in names.Where(name => Families.Any(family => name.StartsWith(family, StringComparison.Ordinal))).Order(StringComparer.Ordinal))
        {
            foreach (string device in Devices)
                data.Add(name, device);
        }

        if (!data.Any())
            data.Add(null, "");
        return data;
    }

    [Theory, MemberData(nameof(GoldenCases))]
    public void Golden_case_passes(string name, string device) => AssertPasses(CaseRunner.Verify(Goldens.Case(name), new VerifyOptions(device)));

    [SkippableTheory, MemberData(nameof(Checkpoints))]
    public void Published_checkpoint_passes(string? name, string device)
    {
        Skip.If(name is null, SharedCases.SkipMessage);
        AssertPasses(CaseRunner.Verify(SharedCases.Require(name!), new VerifyOptions(device)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void The_size_of_a_request_does_not_matter(int rows)
    {
        CaseReport report = CaseRunner.Verify(Goldens.Case("sasrec-query-norm-d50"), new VerifyOptions("cpu", rows));
        AssertPasses(report);
        Assert.Equal(
            CaseRunner.Verify(Goldens.Case("sasrec-query-norm-d50"), new VerifyOptions()).Outputs.Select(output => output.MaxAbsError),
            report.Outputs.Select(output => output.MaxAbsError));
    }

    internal static void AssertPasses(CaseReport report)
    {
        Assert.Null(report.Error);
        Assert.NotEmpty(report.Outputs);
        Assert.All(report.Outputs, output => Assert.True(output.Passed, $"{output.Label}: {output.Problem}"));
        Assert.All(report.Outputs, output => Assert.True(output.MaxAbsError <= output.Tolerance));
    }
}
