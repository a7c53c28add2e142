using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Tests.Runtime;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Models;

/// <summary>
/// A model of random weights: the configuration, tensor shapes and graph of a golden case, and values that nobody has looked at. Devices must
/// agree on it for random requests.
/// </summary>
internal static class RandomModel
{
    private const int Rows = 7;
    private const int K = 5;

    /// <summary>
    /// An output is the end of a chain of sums, at most some dozens of layers and time steps of some hundred terms each. Weights are drawn to
    /// keep the variance, so that no sum is much larger than the output's range.
    /// </summary>
    private static readonly Tolerance Agreement = Tolerance.Accumulated(1 << 14);

    /// <summary>Fails unless a device gives what the reference gives, output by output.</summary>
    public static void Compare(string caseName, int seed, string device)
    {
        ModelData data = Goldens.Data(caseName);
        TensorInfo[] tensors = Draw(caseName, new Random(seed));
        using SequenceModel expected = Create(caseName, tensors, data, "reference");
        using SequenceModel actual = Create(caseName, tensors, data, device);
        RandomRequests.Row[] rows = Requests(expected.Signature, new Random(seed));
        using ModelWorkspace expectedResults = Run(expected, rows);
        using ModelWorkspace actualResults = Run(actual, rows);
        foreach (OutputSpec spec in expected.Signature.Outputs)
            Compare(expectedResults[spec.Name], actualResults[spec.Name], $"{caseName}, seed {seed}, {device}, {spec.Name}");
    }

    private static void Compare(OutputView expected, OutputView actual, string what)
    {
        double[] values = new double[expected.ElementCount];
        float[] results = new float[actual.ElementCount];
        expected.CopyTo(values);
        actual.CopyTo(results);
        Agreement.Check(values, results, what);
    }

    private static ModelWorkspace Run(SequenceModel model, RandomRequests.Row[] rows)
    {
        ModelWorkspace workspace = model.CreateWorkspace(SequenceModelTests.AllOutputs(model, Rows));
        Batch batch = model.CreateBatch();
        batch.TopK = K;
        RandomRequests.Fill(batch, rows);
        model.Run(batch, workspace, workspace.Limits.Outputs);
        return workspace;
    }

    private static RandomRequests.Row[] Requests(ModelSignature signature, Random random) =>
        [.. Enumerable.Range(0, Rows).Select(_ => RandomRequests.Create(signature, random))];

    private static SequenceModel Create(string caseName, TensorInfo[] tensors, ModelData data, string device) => SequenceModel.Create(
        ModelConfig.Load(Path.Combine(Goldens.Case(caseName), "config.json")), tensors, new LoadOptions { Device = device, Data = data });

    private static TensorInfo[] Draw(string caseName, Random random)
    {
        using var files = WeightFiles.Open(Goldens.Case(caseName));
        return [.. files.Tensors.Select(tensor => Draw(tensor, random))];
    }

    // Kernels keep the variance of what goes through them; a running variance is positive.
    private static TensorInfo Draw(TensorInfo tensor, Random random)
    {
        if (!tensor.DType.IsFloat())
            return TensorInfo.FromValues(tensor.Name, tensor.Shape, tensor.ToSingles());
        int inputs = tensor.Shape.Rank < 2 ? 12 : (int)(tensor.Shape.ElementCount / tensor.Shape[0]);
        double range = Math.Sqrt(3.0 / Math.Max(1, inputs));
        float[] values = [.. Enumerable.Range(0, (int)tensor.Shape.ElementCount).Select(_ => (float)(range * ((2 * random.NextDouble()) - 1)))];
        if (tensor.Name.EndsWith("running_var", StringComparison.Ordinal))
            values = Array.ConvertAll(values, value => 0.5f + Math.Abs(value));
        return TensorInfo.FromValues(tensor.Name, tensor.Shape, values);
    }
}
