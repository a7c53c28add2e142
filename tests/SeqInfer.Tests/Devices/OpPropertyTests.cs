using SeqInfer.Devices;
using SeqInfer.Devices.Cpu;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Devices.Ops;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Devices;

/// <summary>What holds for every operation, on random shapes, windows and aliases.</summary>
public sealed class OpPropertyTests
{
    private const int SampleCount = 60;
    private const int ThreadedSampleCount = 3;
    private const int ThreadCount = 4;
    private const int TeamSampleCount = 30;
    private const int TeamSize = 3;

    public static TheoryData<string> Operations => [.. OpTable.Names];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Every_instruction_set_gives_what_the_reference_gives(string operation) =>
        Property.Check(OpTable.Get(operation), CompareWithReference, SampleCount);

    [Theory]
    [MemberData(nameof(Operations))]
    public void Threads_that_share_a_device_and_weights_get_the_same_bits(string operation) =>
        Property.Check(OpTable.Get(operation), CompareThreads, ThreadedSampleCount);

    [Theory]
    [MemberData(nameof(Operations))]
    public void Helpers_change_no_bit(string operation) => Property.Check(OpTable.Get(operation), CompareTeams, TeamSampleCount);

    private static void CompareWithReference(OpCase op)
    {
        OpResults expected = OpHarness.Run(TestDevices.Get("reference", op.Storage), op);
        foreach (Device device in TestDevices.CpuWith(op.Storage))
            OpHarness.Run(device, op).ShouldBe(expected, op.Tolerance, device.KernelName);
    }

    private static void CompareTeams(OpCase op)
    {
        foreach ((CpuDevice alone, CpuDevice splitting) in TestDevices.CpuWithTeam(TeamSize, op.Storage))
        {
            using (splitting)
                OpHarness.Run(splitting, op).ShouldEqual(OpHarness.Run(alone, op));
        }
    }

    /// <summary>Fails unless threads that share a device and weights get the bits that one thread gets.</summary>
    internal static void CompareThreads(Device device, OpCase op)
    {
        OpResults expected = OpHarness.Run(device, op);
        using OpWeights weights = new();
        Task<OpResults>[] threads = [.. Enumerable.Range(0, ThreadCount).Select(_ => Start(() => OpHarness.Run(device, op, weights)))];
        foreach (Task<OpResults> thread in threads)
            thread.GetAwaiter().GetResult().ShouldEqual(expected);
    }

    private static Task<OpResults> Start(Func<OpResults> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void CompareThreads(OpCase op)
    {
        foreach (Device device in TestDevices.CpuWith(op.Storage))
            CompareThreads(device, op);
    }
}
