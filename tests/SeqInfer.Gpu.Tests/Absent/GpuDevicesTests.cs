using SeqInfer.Devices;

namespace SeqInfer.Gpu.Tests.Absent;

/// <summary>What a build without ILGPU answers.</summary>
public sealed class GpuDevicesTests
{
    [Theory]
    [InlineData("cuda:0")]
    [InlineData("cuda")]
    [InlineData("opencl:1")]
    [InlineData("ilgpu-cpu")]
    public void A_GPU_is_refused_with_the_reason(string name)
    {
        GpuDevices.Register();
        DeviceException error = Assert.Throws<DeviceException>(() => Device.Parse(name));
        Assert.Equal(name, error.Device);
        Assert.Contains("without ILGPU", error.Message, StringComparison.Ordinal);
        Assert.False(GpuDevices.AreAvailable);
    }
}
