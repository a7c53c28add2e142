using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Runtime;

/// <summary>What narrow weights do to the outputs of whole models.</summary>
public sealed class WeightStorageModelTests
{
    private const int BatchSize = 6;
    private const string LargeCase = "bert-model";

    // A weight is off by at most half a unit in the last of eight bits, 2^-9 of itself, or by half a step of 1/127 of its unit's largest weight.
    private const double BFloat16Loss = 1.0 / 512;
    private const double Int8Loss = 1.0 / 254;

    // Weights' errors are independent, so a product is off by about a weight's share of its range. The deepest golden models pass through some 16
    // matrices one after the other, and what lies between them, normalisation above all, at most doubles what came in.
    private const double MatricesTimesGain = 16 * 2;

    // The same rounded weights in double precision and in single: what single precision loses in as many layers, some ten times 2^-24 of the range.
    private const double SinglePrecision = 1e-5;

    // The same, where now and then an input falls to the next of 2^14 steps, several times on the way through a model.
    private const double SteppedInputs = 5e-4;

    public static TheoryData<string, WeightStorage> Cases
    {
        get
        {
            TheoryData<string, WeightStorage> data = [];
            foreach (string name in Goldens.CaseNames)
            {
                data.Add(name, WeightStorage.BFloat16);
                data.Add(name, WeightStorage.Int8);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Outputs_are_those_of_the_rounded_weights_and_close_to_those_of_the_model(string name, WeightStorage storage)
    {
        Dictionary<string, float[]> model = Outputs(name, "cpu", WeightStorage.Float32);
        Dictionary<string, float[]> rounded = Outputs(name, "reference", storage);
        (double loss, double arithmetic) = storage == WeightStorage.Int8 ? (Int8Loss, SteppedInputs) : (BFloat16Loss, SinglePrecision);
        foreach ((string output, float[] actual) in Outputs(name, "cpu", storage))
        {
            Check(rounded[output], actual, arithmetic, $"{output} with rounded weights");
            Check(model[output], actual, MatricesTimesGain * loss, $"{output} of the model");
        }
    }

    [Theory]
    [InlineData("cpu", WeightStorage.BFloat16, 0.5)]
    [InlineData("cpu", WeightStorage.Int8, 0.25)]
    public void Layers_take_less_memory_and_the_kernels_say_so(string device, WeightStorage storage, double share)
    {
        using SequenceModel wide = Goldens.Load(LargeCase, device);
        using SequenceModel narrow = Goldens.Load(LargeCase, device, storage);
        Assert.Equal(storage, narrow.Options.WeightStorage);
        Assert.Contains($"-{WeightStorages.NameOf(storage)}-", narrow.Device.KernelName, StringComparison.Ordinal);

        // Biases and factors stay, and so do embeddings and norms.
        Assert.InRange(narrow.Device.ByteCount, share * wide.Device.ByteCount, wide.Device.ByteCount - 1);
        Assert.NotEqual(Outputs(LargeCase, device, WeightStorage.Float32).Values, Outputs(LargeCase, device, storage).Values);
    }

    private static void Check(float[] expected, float[] actual, double share, string what)
    {
        double range = expected.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        for (int i = 0; i < expected.Length; i++)
        {
            double error = expected[i].Equals(actual[i]) ? 0 : Math.Abs((double)expected[i] - actual[i]);
            Assert.True(error <= share * range, $"{what}: value {i} is {actual[i]}, expected {expected[i]}; {error / range:G3} of the range, allowed {share:G3}");
        }
    }

    private static Dictionary<string, float[]> Outputs(string name, string device, WeightStorage storage)
    {
        using var model = Goldens.Load(name, device, storage);
        using ModelWorkspace workspace = model.CreateWorkspace(SequenceModelTests.AllOutputs(model, BatchSize));
        var random = new Random(7);
        Batch batch = model.CreateBatch();
        batch.TopK = 1;
        RandomRequests.Fill(batch, Enumerable.Range(0, BatchSize).Select(_ => RandomRequests.Create(model.Signature, random)));
        model.Run(batch, workspace, workspace.Limits.Outputs);
        Dictionary<string, float[]> outputs = [];
        foreach (OutputSpec spec in model.Signature.Outputs.Where(spec => spec.Kind != OutputKind.TopK))
        {
            float[] values = new float[workspace[spec.Name].ElementCount];
            workspace[spec.Name].CopyTo(values);
            outputs.Add(spec.Name, values);
        }

        return outputs;
    }
}
