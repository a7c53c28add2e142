using FsCheck.Fluent;
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
    private const int ThreadedSampleCount = 2;
    private const int GroupSizeSampleCount = 3;

    // A barrier of the simulator's 64 threads takes longer than the arithmetic between two of them
    private const int TunedSimulatorSampleCount = 3;

    public static TheoryData<string> Names => [.. OpTable.Names];

    public static TheoryData<string, string> OnAllDevices =>
        On(GpuTestDevices.Plain, GpuTestDevices.Tuned, GpuTestDevices.OpenCl, GpuTestDevices.Cuda);

    public static TheoryData<string, string> OnQuickDevices => On(GpuTestDevices.Plain, GpuTestDevices.OpenCl, GpuTestDevices.Cuda);

    [SkippableTheory]
    [MemberData(nameof(OnAllDevices))]
    public void A_device_gives_what_the_reference_gives(string operation, string name)
    {
        Device device = GpuTestDevices.Require(name);
        Property.Check(
            OpTable.Get(operation),
            op => OpHarness.Run(device, op).ShouldBe(OpHarness.Run(TestDevices.Reference, op), op.Tolerance, device.KernelName),
            name == GpuTestDevices.Tuned ? TunedSimulatorSampleCount : SampleCount);
    }

    [SkippableTheory]
    [MemberData(nameof(OnQuickDevices))]
    public void Threads_that_share_a_device_and_weights_get_the_same_bits(string operation, string name)
    {
        Device device = GpuTestDevices.Require(name);
        Property.Check(
            OpTable.Get(operation), op => SeqInfer.Tests.Devices.OpPropertyTests.CompareThreads(device, op), ThreadedSampleCount);
    }

    /// <summary>
    /// Kernels take groups of any size. On the simulator ILGPU asserts that every index is inside its view, and threads of a group run in
    /// any order.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Any_size_of_a_group_gives_what_the_reference_gives(string operation)
    {
        GpuDevices.Register();
        Property.Check(
            from threads in Gen.Elements(4, 8, 16, 32, 128)
            from op in OpTable.Get(operation)
            select (threads, op),
            sample =>
            {
                using Device device = Device.Parse($"ilgpu-cpu:{sample.threads}");
                OpHarness.Run(device, sample.op).ShouldBe(OpHarness.Run(TestDevices.Reference, sample.op), sample.op.Tolerance, device.Name);
            },
            GroupSizeSampleCount);
    }

    [Fact]
    public void The_simulator_asserts_bounds()
    {
        using var runtime = new SeqInfer.Gpu.Devices.GpuBuffer<int>(SeqInfer.Gpu.Runtime.GpuRuntimes.Simulator(null), [1, 2, 3], "a test");
        Assert.Equal(3, runtime.View[2]);
        Assert.ThrowsAny<Exception>(() => runtime.View[3]);
    }

    private static TheoryData<string, string> On(params ReadOnlySpan<string> devices)
    {
        TheoryData<string, string> rows = [];
        foreach (string device in devices)
        {
            foreach (string operation in OpTable.Names)
                rows.Add(operation, device);
        }

        return rows;
    }
}
