using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices;

/// <summary>What holds of weight storages on a device: names, memory, what is lost and what is not.</summary>
public sealed class WeightStorageTests
{
    public static TheoryData<string> Devices => TestDevices.AllCpu;

    [Fact]
    public void Names_are_parsed_back()
    {
        Assert.Equal(["fp32", "bf16", "int8"], WeightStorages.Names);
        foreach (WeightStorage storage in Enum.GetValues<WeightStorage>())
            Assert.Equal(storage, WeightStorages.Parse(WeightStorages.NameOf(storage).ToUpperInvariant()));
        var error = Assert.Throws<ArgumentException>(() => WeightStorages.Parse("fp8"));
        Assert.Contains("'fp8' is not a weight storage; there are: fp32, bf16, int8", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightStorages.NameOf((WeightStorage)9));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_device_says_what_it_holds_weights_as(string name)
    {
        using Device device = TestDevices.CreateOther(name);
        Assert.Equal(WeightStorage.Float32, device.WeightStorage);
        Assert.Contains("-f32-", device.KernelName, StringComparison.Ordinal);
        device.WeightStorage = WeightStorage.Int8;
        Assert.Contains("-int8-", device.KernelName, StringComparison.Ordinal);
        var error = Assert.Throws<DeviceException>(() => device.WeightStorage = (WeightStorage)9);
        Assert.Contains("cannot hold weights as 9", error.Message, StringComparison.Ordinal);
        Assert.Equal(WeightStorage.Int8, device.WeightStorage);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Bfloat16_halves_and_int8_quarters_what_layers_hold(string name)
    {
        // Whole panels, no biases but those that recurrent cells keep in any case; rows for dot products.
        Assert.Equal(4 * 64 * 128, WeightBytes(name, WeightStorage.Float32, 64, 128));
        Assert.Equal(2 * 64 * 128, WeightBytes(name, WeightStorage.BFloat16, 64, 128));
        Assert.Equal((64 * 128) + (4 * 64), WeightBytes(name, WeightStorage.Int8, 64, 128));
        Assert.Equal(4 * 128, WeightBytes(name, WeightStorage.Float32, 1, 128));
        Assert.Equal(2 * 128, WeightBytes(name, WeightStorage.BFloat16, 1, 128));
        Assert.Equal(128 + 4, WeightBytes(name, WeightStorage.Int8, 1, 128));

        long biases = 5 * 32 * 4;
        Assert.Equal((4 * 4 * 32 * 32) + biases, RecurrentBytes(name, WeightStorage.Float32));
        Assert.Equal((2 * 4 * 32 * 32) + biases, RecurrentBytes(name, WeightStorage.BFloat16));
        Assert.Equal((4 * 32 * 32) + (4 * 32 * 4) + biases, RecurrentBytes(name, WeightStorage.Int8));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Weights_that_are_bfloat16_already_lose_nothing(string name)
    {
        InputData data = new(3);
        float[] weights = Array.ConvertAll(data.Values(40 * 50), value => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(value) >> 16 << 16));
        float[] x = data.Values(7 * 50);
        Assert.Equal(
            Linear(name, WeightStorage.Float32, weights, 40, x, 7),
            Linear(name, WeightStorage.BFloat16, weights, 40, x, 7));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void What_was_made_before_keeps_its_storage(string name)
    {
        using Device device = TestDevices.CreateOther(name);
        LinearWeights before = device.CreateLinear(Zeros(64, 128), null);
        long bytes = before.ByteCount;
        device.WeightStorage = WeightStorage.BFloat16;
        LinearWeights after = device.CreateLinear(Zeros(64, 128), null);
        Assert.Equal(bytes, before.ByteCount);
        Assert.True(after.ByteCount < bytes);
        using Workspace workspace = device.CreateWorkspace(new WorkspaceSize(1024, 0));
        Tensor x = workspace.Take(1, 128);
        Tensor y = workspace.Take(1, 64);
        device.Linear(workspace, x, before, y);
        device.Linear(workspace, x, after, y);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_row_that_is_not_finite_gives_nan_and_leaves_the_others_alone(string name)
    {
        InputData data = new(5);
        foreach (int units in new[] { 1, 40 })
        {
            float[] weights = data.Values(units * 50);
            float[] x = data.Values(5 * 50);
            float[] expected = Linear(name, WeightStorage.Int8, weights, units, x, 5);
            x[(1 * 50) + 7] = float.NaN;
            x[(3 * 50) + 49] = float.NegativeInfinity;
            float[] actual = Linear(name, WeightStorage.Int8, weights, units, x, 5);
            for (int i = 0; i < actual.Length; i++)
            {
                if (i / units is 1 or 3)
                    Assert.True(float.IsNaN(actual[i]));
                else
                    Assert.Equal(expected[i], actual[i]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Inputs_of_any_magnitude_are_rounded_relative_to_the_row(string name)
    {
        InputData data = new(6);
        float[] weights = data.Values(40 * 50);
        float[] x = data.Values(50);
        float[] expected = Linear(name, WeightStorage.Int8, weights, 40, x, 1);
        foreach (int exponent in new[] { -90, -30, 30, 110 })
        {
            float[] scaled = Array.ConvertAll(x, value => MathF.ScaleB(value, exponent));
            float[] actual = Linear(name, WeightStorage.Int8, weights, 40, scaled, 1);
            Tolerance.Exact.Check(Array.ConvertAll(expected, value => MathF.ScaleB(value, exponent)), actual, $"x times 2^{exponent}");
        }

        Assert.Equal(new float[40], Linear(name, WeightStorage.Int8, weights, 40, new float[50], 1));
    }

    private static float[] Linear(string name, WeightStorage storage, float[] weights, int units, float[] x, int rows)
    {
        Device device = TestDevices.Get(name, storage);
        int depth = weights.Length / units;
        using LinearWeights layer = device.CreateLinear(Parameter.FromValues("weight", units, depth, weights), null);
        using Workspace workspace = device.CreateWorkspace(new WorkspaceSize(1 << 14, 0));
        Tensor input = workspace.Take(rows, depth);
        Tensor output = workspace.Take(rows, units);
        device.Write(workspace, x, input);
        device.Linear(workspace, input, layer, output);
        float[] y = new float[rows * units];
        device.Read(workspace, output, y);
        return y;
    }

    private static long WeightBytes(string name, WeightStorage storage, int units, int depth)
    {
        using LinearWeights layer = TestDevices.Get(name, storage).CreateLinear(Zeros(units, depth), null);
        return layer.ByteCount - (4 * units);
    }

    private static long RecurrentBytes(string name, WeightStorage storage)
    {
        using RecurrentWeights layer = TestDevices.Get(name, storage).CreateRecurrent(
            new RecurrentSpec(RecurrentCell.Lstm, 128, 32, ProjectedInput: true), null, Zeros(128, 32), null, null);
        return layer.ByteCount;
    }

    private static Parameter Zeros(int rows, int columns) => Parameter.FromValues("zeros", rows, columns, new float[rows * columns]);
}
