using SeqInfer.Devices;
using SeqInfer.Devices.Reference;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Devices.Harness;

/// <summary>Runs operations on devices the way a model does: first on a planner, then in an arena of just the planned size.</summary>
internal static class OpHarness
{
    // ILGPU's simulator makes an object for every kernel it starts
    private const string SimulatorPrefix = "ilgpu-cpu";

    private static readonly WorkspaceSize RoomySize = new(1 << 18, 1 << 14);

    /// <summary>
    /// The results of an operation. Fails where the plan was not exact, memory beside an output changed, or a device other than the oracle and the simulator allocated.
    /// </summary>
    public static OpResults Run(Device device, OpCase op)
    {
        using OpWeights weights = new();
        return Run(device, op, weights);
    }

    /// <inheritdoc cref="Run(Device, OpCase)"/>
    public static OpResults Run(Device device, OpCase op, OpWeights weights)
    {
        WorkspaceSize planned = Plan(device, op, weights);
        using Workspace workspace = device.CreateWorkspace(planned);
        OpRun run = new(device, workspace, op.Seed, weights);
        Action call = op.Setup(run);
        call();
        Assert.Equal(planned, workspace.Peak);
        run.CheckSurroundings();
        OpResults results = run.Results();
        if (device is not ReferenceDevice && !device.Name.StartsWith(SimulatorPrefix, StringComparison.Ordinal))
            Assert.Equal(0, Allocation.Of(call));
        return results;
    }

    /// <summary>Runs a test that calls several operations, in an arena that is large enough for all of them.</summary>
    public static void Use(Device device, int seed, Action<OpRun> test)
    {
        using OpWeights weights = new();
        using Workspace workspace = device.CreateWorkspace(RoomySize);
        test(new OpRun(device, workspace, seed, weights));
    }

    /// <summary>What an operation and its windows take, measured without doing it.</summary>
    private static WorkspaceSize Plan(Device device, OpCase op, OpWeights weights)
    {
        using Workspace planner = Device.CreatePlanner();
        op.Setup(new OpRun(device, planner, op.Seed, weights))();
        return planner.Peak;
    }
}
