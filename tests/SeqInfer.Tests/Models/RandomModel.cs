using SeqInfer.Cli.Verification;
using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Models;

/// <summary>A golden case's configuration and data with random weights: the same on every device for the same seed.</summary>
internal sealed class RandomModel : IDisposable
{
    private readonly WeightFiles _files;

    private RandomModel(WeightFiles files, SequenceModel model)
    {
        _files = files;
        Model = model;
    }

    public SequenceModel Model { get; }

    public static RandomModel Create(string name, string device, int seed)
    {
        string folder = Goldens.Case(name);
        var files = WeightFiles.Open(folder);
        var random = new Random(seed);
        TensorInfo[] tensors = [.. files.Tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal).Select(tensor => Randomized(tensor, random))];
        using CaseTensors data = CaseTensors.Open(folder);
        var options = new LoadOptions { Device = device, Data = CaseData.Read(CaseReader.Read(folder), data) };
        return new RandomModel(files, SequenceModel.Create(ModelConfig.Load(Path.Combine(folder, "config.json")), tensors, options));
    }

    public void Dispose()
    {
        Model.Dispose();
        _files.Dispose();
    }

    // Sums over a row keep the magnitude of what is summed, gains are near 1 and variances positive, so that no layer drowns another.
    private static TensorInfo Randomized(TensorInfo tensor, Random random)
    {
        if (!tensor.DType.IsFloat())
            return tensor;
        bool isVector = tensor.Shape.Rank == 1;
        bool isGain = isVector && (tensor.Name.EndsWith("weight", StringComparison.Ordinal) || tensor.Name.EndsWith("a_2", StringComparison.Ordinal));
        bool isVariance = tensor.Name.EndsWith("running_var", StringComparison.Ordinal);
        int columns = tensor.Shape.Rank == 0 ? 1 : (int)tensor.Shape.Dimensions[^1];
        double spread = isVector ? 0.2 : 1.5 / Math.Sqrt(columns);
        float[] values = new float[tensor.Shape.ElementCount];
        for (int i = 0; i < values.Length; i++)
        {
            double value = spread * Math.Sqrt(3) * ((2 * random.NextDouble()) - 1);
            values[i] = (float)(isGain ? 1 + value : isVariance ? 1 + Math.Abs(value) : value);
        }

        return TensorInfo.FromValues(tensor.Name, tensor.Shape, values);
    }
}
