using SeqInfer.Devices;
using SeqInfer.Gpu.Tests.Infrastructure;
using SeqInfer.Tensors;

namespace SeqInfer.Gpu.Tests.Runtime;

/// <summary>What cannot be had is an error of a type of its own that says what to do; nothing falls back to the CPU.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData("cuda:99", "CUDA")]
    [InlineData("opencl:99", "OpenCL")]
    public void A_device_that_is_not_there_is_named(string name, string kind)
    {
        GpuDevices.Register();
        DeviceNotFoundException error = Assert.Throws<DeviceNotFoundException>(() => Device.Parse(name));
        Assert.Equal(name, error.Device);
        Assert.Contains(kind, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cuda:x")]
    [InlineData("opencl:-1")]
    [InlineData("ilgpu-cpu:3")]
    [InlineData("ilgpu-cpu:1")]
    [InlineData("ilgpu-cpu:512")]
    public void A_wrong_number_is_refused(string name)
    {
        GpuDevices.Register();
        Assert.Equal(name, Assert.Throws<DeviceException>(() => Device.Parse(name)).Device);
    }

    [SkippableTheory]
    [InlineData(GpuTestDevices.OpenCl)]
    [InlineData(GpuTestDevices.Cuda)]
    public void A_workspace_that_does_not_fit_is_refused(string name)
    {
        Device device = GpuTestDevices.Require(name);
        DeviceException error = Assert.Throws<DeviceException>(() => device.CreateWorkspace(new WorkspaceSize(1L << 42, 16)));
        Assert.Contains("smaller", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_best_device_is_reported_with_what_was_not_to_be_had()
    {
        GpuDevices.Register();
        DeviceChoice choice = Device.Best();
        using Device device = choice.Device;
        Assert.StartsWith(device.Name, choice.ToString(), StringComparison.Ordinal);
        Assert.All(choice.Refused, error => Assert.Contains(error.Message, choice.ToString(), StringComparison.Ordinal));
        if (device.Name == "cpu")
            Assert.Equal(["cuda:0", "opencl"], choice.Refused.Select(error => error.Device));
    }

    [Fact]
    public void Launches_are_counted()
    {
        using Device device = Device.Parse(Register(GpuTestDevices.Plain));
        using Workspace workspace = device.CreateWorkspace(new WorkspaceSize(64, 8));
        Tensor window = workspace.Take(2, 3);
        device.Write(workspace, new float[] { 1, -2, 3, -4, 5, -6 }, window);
        long before = device.LaunchCount;
        device.Apply(workspace, window, ActivationKind.Relu, window);
        Assert.Equal(before + 1, device.LaunchCount);
        float[] values = new float[6];
        device.Read(workspace, window, values);
        Assert.Equal([1, 0, 3, 0, 5, 0], values);
        Assert.True(device.StartsKernels);
    }

    private static string Register(string name)
    {
        GpuDevices.Register();
        return name;
    }
}
