using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;

namespace SeqInfer.Tests.Devices.Contract;

/// <summary>No operation runs on arguments that do not fit: it throws, names what is wrong, and writes nothing.</summary>
public sealed class ArgumentTests
{
    private static readonly Dictionary<string, (string Words, Action<OpRun> Call)> Calls =
        BadCalls.ByName.Concat(BadSequenceCalls.ByName).ToDictionary(entry => entry.Key, entry => entry.Value);

    public static TheoryData<string, string> CallsOnDevices => OnDevices(Calls.Keys);

    public static TheoryData<string, string> WeightsOnDevices => OnDevices(BadWeights.ByName.Keys);

    [Theory]
    [MemberData(nameof(CallsOnDevices))]
    public void A_call_that_breaks_a_rule_throws_and_writes_nothing(string name, string rule) =>
        OpHarness.Use(TestDevices.Get(name), 1, run =>
        {
            (string words, Action<OpRun> call) = Calls[rule];
            ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => call(run));
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
            run.CheckSurroundings();
            Assert.All(run.Results().Matrices, matrix => Assert.All(matrix.Values, value => Assert.True(double.IsNaN(value))));
        });

    [Theory]
    [MemberData(nameof(WeightsOnDevices))]
    public void Weights_that_break_a_rule_throw_and_take_no_memory(string name, string rule)
    {
        using Device device = TestDevices.CreateOther(name);
        (string words, Action<Device> create) = BadWeights.ByName[rule];
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => create(device));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, device.ByteCount);
    }

    [Theory]
    [InlineData("Linear: input of other columns")]
    [InlineData("Apply: output of other shape")]
    [InlineData("Attention: heads do not divide the columns")]
    [InlineData("Recurrent: output over the input")]
    [InlineData("TopK: too few places for ids")]
    public void Planning_checks_shapes_too(string rule)
    {
        using OpWeights weights = new();
        using Workspace planner = Device.CreatePlanner();
        OpRun run = new(TestDevices.Reference, planner, 1, weights);
        Assert.ThrowsAny<ArgumentException>(() => Calls[rule].Call(run));
    }

    private static TheoryData<string, string> OnDevices(IEnumerable<string> rules)
    {
        TheoryData<string, string> data = [];
        foreach (string rule in rules)
        {
            data.Add("reference", rule);
            data.Add(TestDevices.BestCpu, rule);
        }

        return data;
    }
}
