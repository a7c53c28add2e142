using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Weights;

namespace SeqInfer.Models.Ctr;

/// <summary>Which multi-layer perceptron a configuration asks for.</summary>
/// <param name="HiddenSizes">Outputs of its layers.</param>
/// <param name="Activation">After every layer.</param>
/// <param name="HasBatchNorm">True: a batch norm between a layer and its activation.</param>
/// <param name="Epsilon">Of the batch norm.</param>
internal sealed record MlpOptions(ImmutableArray<int> HiddenSizes, CtrActivation Activation, bool HasBatchNorm, double Epsilon)
{
    /// <summary>Reads mlp_hidden_sizes, mlp_activation, mlp_batch_norm, batch_norm_eps.</summary>
    public static MlpOptions Read(ModelConfig config) => new(
        config.Ints("mlp_hidden_sizes"),
        CtrActivation.Read(config, "mlp_activation"),
        config.Bool("mlp_batch_norm"),
        config.NonNegative("batch_norm_eps"));

    /// <summary>Columns of the last layer, or of the input where there is none.</summary>
    public int OutputSize(int inputSize) => HiddenSizes.IsEmpty ? inputSize : HiddenSizes[^1];
}

/// <summary>Reads the layers of a multi-layer perceptron; batch norms are folded into the weights, in double precision.</summary>
internal static class MlpReader
{
    /// <summary>Reads all layers below a path.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="weights">Holds the path.</param>
    /// <param name="naming">Whose names.</param>
    /// <param name="path">"mlp_layers", "dnn", ...</param>
    /// <param name="inputSize">Columns of the input.</param>
    /// <param name="options">Sizes, activation and norm.</param>
    /// <param name="lastActivation">False leaves out the activation of the last layer.</param>
    public static IReadOnlyList<DenseLayer> Read(
        Device device, WeightScope weights, CtrNaming naming, string path, int inputSize, MlpOptions options, bool lastActivation = true)
    {
        List<DenseLayer> layers = [];
        for (int i = 0; i < options.HiddenSizes.Length; i++)
        {
            int size = options.HiddenSizes[i];
            Names names = naming == CtrNaming.RecBole ? RecBoleNames(path, i, options) : DeepCtrNames(path, i);
            WeightScope linear = weights.Scope(names.Linear);
            Parameter weight = linear.Matrix("weight", size, inputSize);
            Parameter bias = linear.Vector("bias", size);
            if (options.HasBatchNorm)
                (weight, bias) = BatchNorm.Read(weights.Scope(names.Norm), size, options.Epsilon).Fold(weight, bias);
            WeightScope scope = weights.Scope(names.Activation);
            bool isLeftOut = !lastActivation && i == options.HiddenSizes.Length - 1;
            if (isLeftOut)
                scope.Ignore(_ => true);
            layers.Add(new DenseLayer(weight, bias, isLeftOut ? ActivationLayer.None : options.Activation.CreateLayer(device, scope, size)));
            inputSize = size;
        }

        return layers;
    }

    // RecBole's list holds dropout, linear, norm and activation of every layer.
    private static Names RecBoleNames(string path, int layer, MlpOptions options)
    {
        int linear = ((2 + (options.HasBatchNorm ? 1 : 0) + (options.Activation.IsModule ? 1 : 0)) * layer) + 1;
        int activation = linear + (options.HasBatchNorm ? 2 : 1);
        return new Names($"{path}.mlp_layers.{linear}", $"{path}.mlp_layers.{linear + 1}", $"{path}.mlp_layers.{activation}");
    }

    private static Names DeepCtrNames(string path, int layer) =>
        new($"{path}.linears.{layer}", $"{path}.bn.{layer}", $"{path}.activation_layers.{layer}");

    private readonly record struct Names(string Linear, string Norm, string Activation);
}
