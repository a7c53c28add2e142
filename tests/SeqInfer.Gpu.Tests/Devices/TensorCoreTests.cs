using ILGPU;
using ILGPU.Runtime;
using SeqInfer.Devices;
using SeqInfer.Gpu.Devices;
using SeqInfer.Gpu.Kernels;
using SeqInfer.Gpu.Kernels.TensorCores;
using SeqInfer.Gpu.Runtime;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Weights;
using Device = SeqInfer.Devices.Device;

namespace SeqInfer.Gpu.Tests.Devices;

/// <summary>
/// Linear layers on tensor cores, without any: the simulator with warps of 32 threads takes a model of the instructions, which is checked here
/// against the tables of the PTX ISA, element by element.
/// </summary>
public sealed class TensorCoreTests
{
    private const int Seed = 80;
    private const int ThreadCount = 64;

    private static readonly Lazy<GpuRuntime> Simulator = new(() => GpuRuntimes.NewSimulator("warps of 32", ThreadCount, TensorCore.WarpSize));

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void The_model_of_an_instruction_has_the_fragments_of_the_PTX_ISA(int depth)
    {
        bool isTf32 = depth == 8;
        Random random = new(Seed);
        float[][] a = Whole(random, 16, depth);
        float[][] b = Whole(random, depth, 8);
        float[][] c = Whole(random, 16, 8);
        uint[] words = new uint[6 * TensorCore.WarpSize];
        float[] sums = new float[4 * TensorCore.WarpSize];
        for (int lane = 0; lane < TensorCore.WarpSize; lane++)
        {
            int group = lane >> 2;
            int inGroup = lane % 4;
            int elementsOfWord = depth / 8;
            for (int i = 0; i < 4 * elementsOfWord; i++)
            {
                // "Multiplicand A" of m16n8k8 for .tf32 and of m16n8k16 for .bf16
                int row = isTf32
                    ? (i is 0 or 2 ? group : group + 8)
                    : (i is 0 or 1 or 4 or 5 ? group : group + 8);
                int column = isTf32
                    ? (i is 0 or 1 ? inGroup : inGroup + 4)
                    : (inGroup * 2) + (i & 1) + (i < 4 ? 0 : 8);
                words[(6 * lane) + (i / elementsOfWord)] |= Bits(a[row][column], i % elementsOfWord);
            }

            for (int i = 0; i < 2 * elementsOfWord; i++)
            {
                // "Multiplicand B"
                int row = isTf32
                    ? (i == 0 ? inGroup : inGroup + 4)
                    : (inGroup * 2) + (i & 1) + (i < 2 ? 0 : 8);
                words[(6 * lane) + 4 + (i / elementsOfWord)] |= Bits(b[row][group], i % elementsOfWord);
            }

            for (int i = 0; i < 4; i++)
                sums[(4 * lane) + i] = c[i < 2 ? group : group + 8][(inGroup * 2) + (i & 1)];
        }

        float[] results = Multiply(isTf32, words, sums);
        for (int lane = 0; lane < TensorCore.WarpSize; lane++)
        {
            for (int i = 0; i < 4; i++)
            {
                int row = (lane >> 2) + (i < 2 ? 0 : 8);
                int column = (lane % 4 * 2) + (i & 1);
                float expected = c[row][column];
                for (int k = 0; k < depth; k++)
                    expected += a[row][k] * b[k][column];
                Assert.Equal(expected, results[(4 * lane) + i]);
            }
        }

        uint Bits(float value, int element)
        {
            uint bits = BitConverter.SingleToUInt32Bits(value);
            return isTf32 ? bits : bits >> 16 << (16 * element);
        }
    }

    [Theory]
    [InlineData(false, 1, 5, 3)]
    [InlineData(false, 17, 20, 70)]
    [InlineData(false, 33, 37, 64)]
    [InlineData(true, 1, 5, 3)]
    [InlineData(true, 17, 20, 70)]
    [InlineData(true, 18, 70, 9)]
    public void A_linear_layer_gives_the_product_of_the_rounded_operands(bool isBf16, int rows, int inputs, int outputs)
    {
        using GpuDevice device = new(Simulator.Value, isBf16 ? MatrixPrecision.Bf16 : MatrixPrecision.Tf32);
        OpTolerance tolerance = OpTolerance.Sum(inputs, InputData.Magnitude);
        OpHarness.Use(device, Seed, run =>
        {
            float[] weight = run.Data.Values(outputs * inputs, 1);
            float[] bias = run.Data.Values(outputs);
            float[] values = run.Data.Values(rows * inputs);
            using LinearWeights weights = device.CreateLinear(
                Parameter.FromValues("w", outputs, inputs, weight), Parameter.FromValues("b", 1, outputs, bias));
            Tensor input = run.Input(rows, inputs, values);
            Tensor output = run.Output(rows, outputs);
            Tensor alone = run.Output(1, outputs);
            device.Linear(run.Workspace, input, weights, output, ActivationKind.Relu);
            device.Linear(run.Workspace, input.Rows(rows - 1, 1), weights, alone, ActivationKind.Relu);
            run.CheckSurroundings();
            double[][] actual = run.Rows(output);
            Assert.Equal(actual[^1], run.Rows(alone)[0]);
            for (int row = 0; row < rows; row++)
            {
                double[] expected = new double[outputs];
                for (int column = 0; column < outputs; column++)
                {
                    double sum = bias[column];
                    for (int k = 0; k < inputs; k++)
                        sum += Rounded(values[(row * inputs) + k]) * Rounded(weight[(column * inputs) + k]);
                    expected[column] = Math.Max(sum, 0);
                }

                tolerance.Tolerance.Check(expected, Array.ConvertAll(actual[row], value => (float)value), $"row {row}", tolerance.Range);
            }
        });

        double Rounded(float value)
        {
            if (value == 0)
                return 0;
            double unit = Math.ScaleB(1, Math.ILogB(value) - (isBf16 ? 7 : 10));
            return Math.Round(value / unit, isBf16 ? MidpointRounding.ToEven : MidpointRounding.AwayFromZero) * unit;
        }
    }

    [Fact]
    public void Numbers_that_are_none_stay_so_when_rounded()
    {
        Assert.True(float.IsNaN(BitConverter.UInt32BitsToSingle(TensorCore.ToTf32(BitConverter.UInt32BitsToSingle(0x7FFFFFFF)))));
        Assert.Equal(float.PositiveInfinity, BitConverter.UInt32BitsToSingle(TensorCore.ToTf32(float.PositiveInfinity)));
        uint pair = TensorCore.ToBf16Pair(BitConverter.UInt32BitsToSingle(0x7F800001), float.NegativeInfinity);
        Assert.True(float.IsNaN(BitConverter.UInt32BitsToSingle(pair << 16)));
        Assert.Equal(float.NegativeInfinity, BitConverter.UInt32BitsToSingle(pair & 0xFFFF0000));
    }

    [Theory]
    [InlineData("ilgpu-cpu:64,tf32")]
    [InlineData("ilgpu-cpu:64,bf16")]
    [InlineData("ilgpu-cpu:tf32")]
    public void Devices_without_tensor_cores_refuse(string name)
    {
        GpuDevices.Register();
        DeviceException error = Assert.Throws<DeviceException>(() => Device.Parse(name));
        Assert.Contains("tensor cores", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, 0)]
    [InlineData("1", "1", 0)]
    [InlineData("tf32", null, 1)]
    [InlineData("1,tf32", "1", 1)]
    [InlineData("0,BF16", "0", 2)]
    [InlineData("0,fp8", "0,fp8", 0)]
    public void A_device_string_may_end_in_a_precision(string? argument, string? number, int precision) =>
        Assert.Equal(new DeviceArgument(number, (MatrixPrecision)precision), DeviceArgument.Parse(argument));

    /// <summary>Whole numbers, which both formats hold and whose sums are exact.</summary>
    private static float[][] Whole(Random random, int rows, int columns) =>
        [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(_ => (float)random.Next(-8, 9)).ToArray())];

    private static float[] Multiply(bool isTf32, uint[] words, float[] sums)
    {
        GpuRuntime runtime = Simulator.Value;
        using GpuBuffer<uint> operands = new(runtime, words, "a test");
        using GpuBuffer<float> results = new(runtime, sums, "a test");
        Kernel<FragmentArgs> kernel = runtime.Load<FragmentArgs>("fragments", isTf32 ? FragmentKernel<Tf32Format> : FragmentKernel<Bf16Format>);
        using GpuStream stream = runtime.CreateStream(new LaunchCounter());
        kernel.Launch(stream, new Index2D(1, 1), TensorCore.WarpSize, new FragmentArgs(operands.View, results.View));
        stream.Synchronize();
        return results.View.GetAsArray();
    }

    private static void FragmentKernel<TFormat>(FragmentArgs args)
        where TFormat : struct, ITensorFormat
    {
        int w = 6 * Group.IdxX;
        int s = 4 * Group.IdxX;
        Float4 c = new(args.Sums[s], args.Sums[s + 1], args.Sums[s + 2], args.Sums[s + 3]);
        Float4 d = default(TFormat).Multiply(
            c, args.Words[w], args.Words[w + 1], args.Words[w + 2], args.Words[w + 3], args.Words[w + 4], args.Words[w + 5]);
        args.Sums[s] = d.X;
        args.Sums[s + 1] = d.Y;
        args.Sums[s + 2] = d.Z;
        args.Sums[s + 3] = d.W;
    }

    internal readonly struct FragmentArgs(ArrayView<uint> words, ArrayView<float> sums)
    {
        public readonly ArrayView<uint> Words = words;

        public readonly ArrayView<float> Sums = sums;
    }
}
