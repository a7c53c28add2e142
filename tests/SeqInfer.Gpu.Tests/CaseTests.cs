using SeqInfer.Cli.Verification;
using SeqInfer.Gpu.Tests.Infrastructure;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Gpu.Tests;

/// <summary>Every case on GPU devices, within the tolerance that the case states. The simulator takes the plain kernels.</summary>
public sealed class CaseTests
{
    // Whole data sets take the simulator minutes; the same kernels run them through OpenCL
    private const int SimulatorSampleStep = 4;

    private static readonly string[] Devices = [GpuTestDevices.Plain, GpuTestDevices.OpenCl, GpuTestDevices.Cuda];

    public static TheoryData<string, string> GoldenCases()
    {
        TheoryData<string, string> data = [];
        foreach (string device in Devices)
        {
            foreach ((int i, string name) in Goldens.CaseNames.Index())
            {
                if (device != GpuTestDevices.Plain || i % SimulatorSampleStep == 0)
                    data.Add(name, device);
            }
        }

        return data;
    }

    [SkippableTheory, MemberData(nameof(GoldenCases))]
    public void Golden_case_passes(string name, string device)
    {
        GpuTestDevices.Require(device);
        SeqInfer.Tests.Verification.CaseTests.AssertPasses(CaseRunner.Verify(Goldens.Case(name), new VerifyOptions(device)));
    }
}
