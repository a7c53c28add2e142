using System.Text;
using SeqInfer.Bench.Recording;
using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Bench.Models;

/// <summary>Random tensors for any configuration: a family that is given no weights names all that it misses, with shapes.</summary>
internal static class RandomWeights
{
    /// <summary>
    /// The tensors of a model. Matrices are uniform in +-1/sqrt(columns), as PyTorch starts linear and recurrent layers; a norm's gain is
    /// near 1.
    /// </summary>
    public static IReadOnlyList<TensorInfo> For(string config, int seed, ModelData? data = null)
    {
        BenchFamilies.Register();
        var random = new Random(seed);
        return [.. Missing(config, data ?? ModelData.Empty).Select(problem => TensorInfo.FromValues(problem.Name, problem.Expected!.Value, Values(problem.Name, problem.Expected.Value, random)))];
    }

    /// <summary>A standard normal number (Box and Muller 1958).</summary>
    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static IEnumerable<WeightProblem> Missing(string config, ModelData data)
    {
        using var device = new RecordingDevice(new RecordingOptions());
        var weights = WeightScope.FromTensors(Enumerable.Empty<TensorInfo>());
        _ = ModelRegistry.Create(ModelConfig.Parse("random weights", Encoding.UTF8.GetBytes(config)).With(data), weights, device);
        try
        {
            weights.Complete();
            return [];
        }
        catch (WeightMismatchException e)
        {
            return e.Problems.Where(problem => problem.Kind == WeightProblemKind.Missing);
        }
    }

    private static float[] Values(string name, Shape shape, Random random)
    {
        float[] values = new float[checked((int)shape.ElementCount)];
        bool isGain = shape.Rank == 1 && name.EndsWith("weight", StringComparison.Ordinal);
        double columns = shape.Rank == 1 ? shape[0] : (double)shape.ElementCount / shape[0];
        float bound = (float)(1 / Math.Sqrt(columns));
        foreach (ref float value in values.AsSpan())
            value = (isGain ? 1 : 0) + (bound * ((2 * random.NextSingle()) - 1));
        return values;
    }
}
