using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Contract;

/// <summary>Workspaces, windows and weights work only with the device they belong to, and only while they live.</summary>
public sealed class OwnershipTests
{
    private static readonly WorkspaceSize Size = new(4096, 64);

    public static TheoryData<string> Devices => ["reference", "cpu"];

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_workspace_of_another_kind_of_device(string name)
    {
        using Device device = Device.Parse(name);
        using Device other = Device.Parse(name == "cpu" ? "reference" : "cpu");
        using Workspace foreign = other.CreateWorkspace(Size);
        Tensor window = foreign.Take(2, 2);
        ArgumentException error = Assert.Throws<ArgumentException>(() => device.NormalizeL2(foreign, window, window));
        Assert.Contains($"was not made by the device '{name}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Weights_of_another_device(string name)
    {
        using Device device = Device.Parse(name);
        using Device other = Device.Parse(name);
        using Workspace workspace = device.CreateWorkspace(Size);
        VectorWeights foreign = other.CreateVector(Parameter.Zeros("zeros", 1, 2));
        VectorWeights own = device.CreateVector(Parameter.Zeros("zeros", 1, 2));
        Tensor window = workspace.Take(2, 2);
        Assert.Throws<ArgumentException>(() => device.PRelu(workspace, window, foreign, window));
        Assert.Throws<ArgumentException>(() => device.ScaleShift(workspace, window, own, foreign, window));
        ArgumentException error = Assert.Throws<ArgumentException>(() => device.ScaleShift(workspace, window, foreign, own, window));
        Assert.Contains("belong to another device", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Prefix_tables_of_another_device(string name)
    {
        using Device device = Device.Parse(name);
        using Device other = Device.Parse(name);
        using Workspace workspace = device.CreateWorkspace(Size);
        Table own = device.CreateTable(Parameter.Zeros("zeros", 1, 2));
        Table foreign = other.CreateTable(Parameter.Zeros("zeros", 1, 2));
        Indices offsets = workspace.TakeIndices(2);
        Indices counts = workspace.TakeIndices(1);
        new[] { 0, 1, 1 }.CopyTo(workspace.Span(new Indices(0, 3)));
        Ragged sequences = new(offsets, 1, 1);
        Tensor window = workspace.Take(1, 2);
        Tensor output = workspace.Take(1, 2);
        Attend(own, own);
        Assert.Throws<ArgumentException>(() => Attend(foreign, own));
        Assert.Throws<ArgumentException>(() => Attend(own, foreign));

        void Attend(Table keys, Table values) => device.Attention(
            workspace, window, window, window, new(sequences, sequences, 1, 1, false, new AttentionPrefix(keys, values, counts, true)), output);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_window_that_has_been_freed(string name)
    {
        using Device device = Device.Parse(name);
        using Workspace workspace = device.CreateWorkspace(Size);
        Tensor output = workspace.Take(2, 2);
        Tensor window;
        Indices ids;
        using (workspace.Frame())
        {
            window = workspace.Take(2, 2);
            ids = workspace.TakeIndices(2);
        }

        ArgumentException error = Assert.Throws<ArgumentException>(() => device.NormalizeL2(workspace, window, output));
        Assert.Contains("is not a window of this workspace", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => device.GatherRows(workspace, output.Rows(0, 1), ids, output));
        Assert.Throws<ArgumentException>(() => device.Write(workspace, new float[4], window));
        Assert.Throws<ArgumentException>(() => device.Read(workspace, window, new float[4]));
        Assert.Throws<ArgumentException>(() => device.Freeze(workspace, window));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_device_that_has_been_disposed(string name)
    {
        Device device = Device.Parse(name);
        using Workspace workspace = device.CreateWorkspace(Size);
        Tensor window = workspace.Take(2, 2);
        VectorWeights slope = device.CreateVector(Parameter.Zeros("zeros", 1, 2));
        device.Dispose();
        Assert.Throws<ObjectDisposedException>(() => device.NormalizeL2(workspace, window, window));
        Assert.Throws<ObjectDisposedException>(() => device.PRelu(workspace, window, slope, window));
        Assert.Throws<ObjectDisposedException>(() => device.Write(workspace, new float[4], window));
        Assert.Throws<ObjectDisposedException>(() => device.CreateVector(Parameter.Zeros("zeros", 1, 2)));
        Assert.Throws<ObjectDisposedException>(() => device.CreateLinear(Parameter.Zeros("zeros", 2, 2), null));
        Assert.Equal(0, device.ByteCount);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_workspace_that_has_been_disposed(string name)
    {
        using Device device = Device.Parse(name);
        Workspace workspace = device.CreateWorkspace(Size);
        Tensor window = workspace.Take(2, 2);
        workspace.Dispose();
        workspace.Dispose();
        Assert.Throws<ObjectDisposedException>(() => device.NormalizeL2(workspace, window, window));
        Assert.Throws<ObjectDisposedException>(() => device.Read(workspace, window, new float[4]));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Weights_that_have_been_disposed(string name)
    {
        using Device device = Device.Parse(name);
        using Workspace workspace = device.CreateWorkspace(Size);
        Tensor window = workspace.Take(2, 2);
        VectorWeights slope = device.CreateVector(Parameter.Zeros("zeros", 1, 2));
        slope.Dispose();
        Assert.Throws<ObjectDisposedException>(() => device.PRelu(workspace, window, slope, window));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_planner_measures_for_every_device_and_computes_nothing(string name)
    {
        using Device device = Device.Parse(name);
        using Workspace planner = Device.CreatePlanner();
        Tensor window = planner.Take(2, 2);
        device.Write(planner, new float[4], window);
        device.NormalizeL2(planner, window, window);
        float[] untouched = [7, 7, 7, 7];
        device.Read(planner, window, untouched);
        Assert.Equal([7, 7, 7, 7], untouched);
    }
}
