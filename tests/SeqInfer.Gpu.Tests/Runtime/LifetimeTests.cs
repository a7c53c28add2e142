using SeqInfer.Devices;
using SeqInfer.Gpu.Tests.Infrastructure;
using SeqInfer.Runtime;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Gpu.Tests.Runtime;

/// <summary>Tests that measure the whole process, after all others.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;

/// <summary>Making and disposing devices, weights and workspaces, in any order and often.</summary>
[Collection(nameof(WholeProcess))]
public sealed class LifetimeTests
{
    private const int CycleCount = 1000;

    // What the runtime, its collector and the driver may keep of a thousand cycles; a leaked workspace of each would be five times as much
    private const long AllowedGrowth = 64L << 20;

    public static TheoryData<string> Devices => [GpuTestDevices.Plain, GpuTestDevices.OpenCl, GpuTestDevices.Cuda];

    [SkippableTheory, MemberData(nameof(Devices))]
    public void A_thousand_loads_leave_nothing_behind(string name)
    {
        GpuTestDevices.Require(name);
        Cycle(name, CycleCount / 10);
        Collect();
        long before = Environment.WorkingSet;
        Cycle(name, CycleCount);
        Collect();
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, AllowedGrowth);
    }

    [SkippableTheory, MemberData(nameof(Devices))]
    public void A_model_can_be_loaded_again_while_another_runs(string name)
    {
        GpuTestDevices.Require(name);
        using SequenceModel first = Goldens.Load("sasrec-query-norm-d50", name);
        float[] expected = first.Score([1, 2, 3], [4, 5, 6]);
        using (SequenceModel second = Goldens.Load("sasrec-query-norm-d50", name))
            Assert.Equal(expected, second.Score([1, 2, 3], [4, 5, 6]));
        Assert.Equal(expected, first.Score([1, 2, 3], [4, 5, 6]));
    }

    [SkippableTheory, MemberData(nameof(Devices))]
    public void Parts_are_disposed_in_any_order(string name)
    {
        GpuTestDevices.Require(name);
        Device device = Device.Parse(name);
        Workspace workspace = device.CreateWorkspace(new WorkspaceSize(64, 8));
        LinearWeights weights = device.CreateLinear(Parameter.FromValues("w", 1, 1, [2f]), null);
        weights.Dispose();
        device.Dispose();
        workspace.Dispose();
        workspace.Dispose();
        device.Dispose();
        Assert.Throws<ObjectDisposedException>(() => device.CreateTable(Parameter.FromValues("t", 1, 1, [2f])));

        device = Device.Parse(name);
        workspace = device.CreateWorkspace(new WorkspaceSize(64, 8));
        Tensor window = workspace.Take(1, 1);
        workspace.Dispose();
        Assert.ThrowsAny<ObjectDisposedException>(() => device.Apply(workspace, window, ActivationKind.Relu, window));
        device.Dispose();
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    private static void Cycle(string name, int count)
    {
        float[] values = new float[1 << 14];
        for (int i = 0; i < count; i++)
        {
            using Device device = Device.Parse(name);
            using Table table = device.CreateTable(Parameter.FromValues("table", 1 << 7, 1 << 7, values));
            using Workspace workspace = device.CreateWorkspace(new WorkspaceSize(1 << 14, 16));
            Tensor output = workspace.Take(1, 1 << 7);
            Indices ids = workspace.TakeIndices(1);
            workspace.Span(ids)[0] = i % (1 << 7);
            device.Embed(workspace, ids, table, output);
            device.Read(workspace, output, values.AsSpan(0, 1 << 7));
        }
    }
}
