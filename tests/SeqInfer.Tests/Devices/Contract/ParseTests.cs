using SeqInfer.Devices;
using SeqInfer.Devices.Cpu;
using SeqInfer.Devices.Reference;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tensors;

namespace SeqInfer.Tests.Devices.Contract;

/// <summary>Devices from strings.</summary>
public sealed class ParseTests
{
    public static TheoryData<Isa> Supported => [.. IsaDetection.Supported];

    [Theory]
    [InlineData("cpu", typeof(CpuDevice), "cpu")]
    [InlineData("CPU:scalar", typeof(CpuDevice), "cpu")]
    [InlineData("reference", typeof(ReferenceDevice), "reference")]
    [InlineData("Reference", typeof(ReferenceDevice), "reference")]
    public void Known_strings(string text, Type type, string name)
    {
        using Device device = Device.Parse(text);
        Assert.IsAssignableFrom(type, device);
        Assert.Equal(name, device.Name);
    }

    [Theory]
    [MemberData(nameof(Supported))]
    public void Every_instruction_set_has_its_kernels(Isa isa)
    {
        using Device device = Device.Parse($"cpu:{IsaDetection.NameOf(isa)}");
        Assert.Equal(isa, ((CpuDevice)device).Isa);
        Assert.EndsWith($"-f32-{IsaDetection.NameOf(isa)}", device.KernelName, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quantum", "quantum")]
    [InlineData("", "")]
    [InlineData("reference:float", "reference:float")]
    public void Unknown_strings_name_those_there_are(string text, string named)
    {
        DeviceException error = Assert.Throws<DeviceException>(() => Device.Parse(text));
        Assert.Equal(named, error.Device);
        Assert.Contains("reference", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_instruction_set() => Assert.Throws<IsaException>(() => Device.Parse("cpu:abacus"));

    [Fact]
    public void A_registered_device()
    {
        string? given = "not asked";
        Device.Register("test-device", argument =>
        {
            given = argument;
            return new ReferenceDevice();
        });
        using Device plain = Device.Parse("test-device");
        Assert.Null(given);
        using Device fancy = Device.Parse("test-device:a:b");
        Assert.Equal("a:b", given);
    }

    [Fact]
    public void The_reference_cannot_hold_more_than_an_array()
    {
        using ReferenceDevice device = new();
        Assert.Equal("reference-f64", device.KernelName);
        DeviceException error = Assert.Throws<DeviceException>(() => device.CreateWorkspace(new WorkspaceSize(1L << 32, 0)));
        Assert.Contains("4294967296", error.Message, StringComparison.Ordinal);
    }
}
