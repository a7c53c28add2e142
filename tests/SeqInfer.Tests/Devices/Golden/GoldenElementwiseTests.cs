using SeqInfer.Devices;
using SeqInfer.Devices.Reference;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;

namespace SeqInfer.Tests.Devices.Golden;

/// <summary>Activations and softmax against PyTorch, over the whole range of finite floats and with special values.</summary>
public sealed class GoldenElementwiseTests
{
    // The inputs reach 3e38; single precision may lose some units in the last place of the input, or of the output, whichever is larger.
    private const double RelativeToInput = 1e-6;

    // PyTorch computes exp(x) - 1 and 1 + erf(x) in double, which is as exact as a double near 1.
    private const double Cancellation = 2.3e-16;

    private static readonly GoldenFile Activations = GoldenFile.Open("activations");
    private static readonly GoldenFile Softmaxes = GoldenFile.Open("softmax");

    public static TheoryData<string, string> ActivationCases
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string device in TestDevices.Names)
            {
                foreach (string name in Activations.Cases.Keys.Where(name => ActivationNames.IsActivation(Activations[name].Text("function"))))
                    data.Add(device, name);
            }

            return data;
        }
    }

    public static TheoryData<string, string> SoftmaxCases => GoldenFile.OnEveryDevice("softmax", TestDevices.Names);

    [Theory]
    [MemberData(nameof(ActivationCases))]
    public void Activations_over_all_floats(string device, string name)
    {
        float[] inputs = Activations.Floats("x");
        double[] expected = Activations[name].Doubles("y");
        double[] actual = Run(device, name, inputs);
        double alpha = Activations[name].OptionalValue("alpha") ?? 0;
        double relative = device == "reference" ? GoldenRun.PrecisionWith(alpha) : RelativeToInput;
        for (int i = 0; i < inputs.Length; i++)
        {
            double allowed = relative * Math.Max(Math.Min(Math.Abs(inputs[i]), 16), Math.Abs(expected[i]));
            bool isEqual = ((float)expected[i]).Equals((float)actual[i]) || Math.Abs(expected[i] - actual[i]) <= allowed + Cancellation;
            Assert.True(isEqual, $"{name}({inputs[i]:R}) = {actual[i]:R}, expected {expected[i]:R}");
        }
    }

    [Theory]
    [MemberData(nameof(ActivationCases))]
    public void Activations_of_zeros_infinities_and_NaN(string device, string name)
    {
        float[] inputs = Activations.Floats("special");
        double[] expected = Activations[name].Doubles("special_y");
        double[] actual = Run(device, name, inputs);
        for (int i = 0; i < inputs.Length; i++)
        {
            // Where the formula is minus infinity times 0, a device may give the limit, which is 0.
            bool mayBeLimit = double.IsNegativeInfinity(inputs[i]) && double.IsNaN(expected[i]);
            Assert.True(
                ((float)expected[i]).Equals((float)actual[i]) || (mayBeLimit && actual[i] == 0),
                $"{name}({inputs[i]:R}) = {actual[i]:R}, expected {expected[i]:R}");
        }
    }

    [Fact]
    public void Erf_over_all_floats()
    {
        float[] inputs = Activations.Floats("x");
        double[] expected = Activations["erf"].Doubles("y");
        for (int i = 0; i < inputs.Length; i++)
        {
            Assert.Equal(expected[i], DoubleMath.Erf(inputs[i]), 1e-15);
            Assert.Equal(1 - expected[i], DoubleMath.Erfc(inputs[i]), 1e-15);
        }
    }

    [Theory]
    [MemberData(nameof(SoftmaxCases))]
    public void Softmax(string device, string name)
    {
        using GoldenRun run = new(device);
        GoldenCase golden = Softmaxes[name];
        Tensor input = run.Input(golden, "x");
        Tensor output = run.Workspace.Take(input.RowCount, input.ColumnCount);
        run.Device.Softmax(run.Workspace, input, output);
        run.ShouldBe(golden.Doubles("softmax"), output, OpTolerance.Elementary(1));

        double largest = golden.Doubles("x").Where(double.IsFinite).Max(Math.Abs);
        run.Device.Softmax(run.Workspace, input, output, log: true);
        run.ShouldBe(golden.Doubles("log_softmax"), output, OpTolerance.Elementary(Math.Max(1, largest)));
    }

    private static double[] Run(string device, string name, float[] inputs)
    {
        using GoldenRun run = new(device);
        Tensor input = run.Input(1, inputs.Length, inputs);
        Tensor output = run.Workspace.Take(1, inputs.Length);
        run.Device.Apply(run.Workspace, input, ActivationNames.Parse(Activations[name], "function"), output);
        return run.Read(output);
    }
}
