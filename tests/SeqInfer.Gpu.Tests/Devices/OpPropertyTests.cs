using SeqInfer.Devices;
using SeqInfer.Gpu.Tests.Infrastructure;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Devices.Ops;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Gpu.Tests.Devices;

/// <summary>The op-level property suite of the CPU devices, on GPU devices: random shapes, windows and aliases against double precision.</summary>
public sealed class OpPropertyTests
{
    private const int SampleCount = 20;

    // A barrier of the simulator's 64 threads takes longer than the arithmetic between two of them
    private const int TunedSimulatorSampleCount = 3;

    public static TheoryData<string, string> Operations
    {
        get
        {
            TheoryData<string, string> rows = [];
            foreach (string device in (IEnumerable<string>)GpuTestDevices.All)
            {
                foreach (string operation in (IEnumerable<string>)OpTable.Names)
                    rows.Add(operation, device);
            }

            return rows;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Operations))]
    public void A_device_gives_what_the_reference_gives(string operation, string name)
    {
        Device device = GpuTestDevices.Require(name);
        Property.Check(
            OpTable.Get(operation),
            op => OpHarness.Run(device, op).ShouldBe(OpHarness.Run(TestDevices.Reference, op), op.Tolerance, device.KernelName),
            name == GpuTestDevices.Tuned ? TunedSimulatorSampleCount : SampleCount);
    }
}
