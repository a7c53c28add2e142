using SeqInfer.Cli.Verification;
using SeqInfer.Gpu.Tests.Infrastructure;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Gpu.Tests;

/// <summary>Every case on GPU devices, within the tolerance that the case states. The simulator takes the plain kernels.</summary>
public sealed class CaseTests
{
    private static readonly string[] Devices = [GpuTestDevices.Plain, GpuTestDevices.OpenCl, GpuTestDevices.Cuda];

    public static TheoryData<string, string> GoldenCases()
    {
        TheoryData<string, string> data = [];
        foreach (string device in Devices)
        {
            foreach (string name in Goldens.CaseNames)
                data.Add(name, device);
        }

        return data;
    }

    public static TheoryData<string?, string> Checkpoints()
    {
        IEnumerable<string> names = SharedCases.Root is null
            ? []
            : Directory.EnumerateDirectories(SharedCases.Root).Where(CaseReader.IsCase).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
        TheoryData<string?, string> data = [];
        foreach (string device in Devices)
        {
            foreach (string name in names)
                data.Add(name, device);
        }

        if (!data.Any())
            data.Add(null, "");
        return data;
    }

    [SkippableTheory, MemberData(nameof(Checkpoints))]
    public void Published_checkpoint_passes(string? name, string device)
    {
        Skip.If(name is null, SharedCases.SkipMessage);
        GpuTestDevices.Require(device);
        SeqInfer.Tests.Verification.CaseTests.AssertPasses(CaseRunner.Verify(SharedCases.Require(name!), new VerifyOptions(device)));
    }

    [SkippableTheory, MemberData(nameof(GoldenCases))]
    public void Golden_case_passes(string name, string device)
    {
        GpuTestDevices.Require(device);
        SeqInfer.Tests.Verification.CaseTests.AssertPasses(CaseRunner.Verify(Goldens.Case(name), new VerifyOptions(device)));
    }
}
