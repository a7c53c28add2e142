using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models.Ctr;

/// <summary>
/// The attention of DIN (Zhou et al. 2018): a small network on [q, k, q - k, q * k] for every pair of a target q and an event's key k.
/// </summary>
/// <remarks>
/// Its first layer comes apart: W [q, k, q - k, q * k] = (W_q + W_d) q + (W_k - W_d) k + W_p (q * k). The first term is computed once a
/// target, the second once an event, and only the third for every pair.
/// </remarks>
internal sealed class TargetAttention
{
    private readonly Device _device;
    private readonly bool _hasSoftmax;
    private readonly LinearWeights _target;
    private readonly LinearWeights _key;
    private readonly LinearWeights _product;
    private readonly ActivationLayer _activation;
    private readonly MultiLayerPerceptron? _others;

    /// <summary>Reads the network.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="config">Holds attention_hidden_sizes, attention_activation, attention_softmax and attention_scale.</param>
    /// <param name="weights">The attention's scope.</param>
    /// <param name="naming">Whose names.</param>
    /// <param name="width">Columns of a key.</param>
    public TargetAttention(Device device, ModelConfig config, WeightScope weights, CtrNaming naming, int width)
    {
        _device = device;
        _hasSoftmax = config.Bool("attention_softmax");
        double scale = config.Choice("attention_scale", ("inverse_sqrt_width", 1 / Math.Sqrt(width)), ("none", 1.0));
        bool isRecBole = naming == CtrNaming.RecBole;
        var options = new MlpOptions(config.Ints("attention_hidden_sizes"), CtrActivation.Read(config, "attention_activation"), false, 0);
        IReadOnlyList<DenseLayer> hidden = MlpReader.Read(
            device, weights, naming, isRecBole ? "att_mlp_layers" : "local_att.dnn", checked(4 * width), options);
        WeightScope dense = weights.Scope(isRecBole ? "dense" : "local_att.dense");
        var last = new DenseLayer(
            Scale(dense.Matrix("weight", 1, options.OutputSize(4 * width)), scale), Scale(dense.Vector("bias", 1), scale), ActivationLayer.None);
        ImmutableArray<DenseLayer> layers = [.. hidden, last];

        DenseLayer first = layers[0];
        Parameter[] parts = [.. Enumerable.Range(0, 4).Select(part => first.Weight.SliceColumns(part * width, width))];
        _target = device.CreateLinear(parts[0].Add(parts[2]), first.Bias);
        _key = device.CreateLinear(parts[1].Add(Scale(parts[2], -1)), null);
        _product = device.CreateLinear(parts[3], null);
        _activation = first.Activation;
        _others = layers.Length == 1 ? null : new MultiLayerPerceptron(device, layers[1..], ColumnSplit.Whole(first.Weight.Rows));
    }

    /// <summary>Columns of what the first layer takes from a target or a key.</summary>
    public int FirstSize => _target.OutputSize;

    /// <summary>The first layer's part of targets, [targets, first size].</summary>
    public void ProjectTargets(Workspace workspace, Tensor targets, Tensor output) => _device.Linear(workspace, targets, _target, output);

    /// <summary>The first layer's part of keys, [events, first size].</summary>
    public void ProjectKeys(Workspace workspace, Tensor keys, Tensor output) => _device.Linear(workspace, keys, _key, output);

    /// <summary>The weight of every pair.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="pairs">Which target meets which event.</param>
    /// <param name="targets">The targets and their part of the first layer.</param>
    /// <param name="keys">The keys and their part of the first layer.</param>
    /// <param name="output">[pairs, 1].</param>
    public void Weigh(Workspace workspace, in PairChunk pairs, in Projected targets, in Projected keys, Tensor output)
    {
        using WorkspaceFrame frame = workspace.Frame();
        int count = pairs.Count;
        Tensor product = workspace.Take(count, targets.Rows.ColumnCount);
        Tensor first = _others is null ? output : workspace.Take(count, FirstSize);
        _device.CombineRows(workspace, targets.Rows, pairs.Targets, keys.Rows, pairs.Events, BinaryOperation.Multiply, product);
        _device.CombineRows(workspace, targets.Part, pairs.Targets, keys.Part, pairs.Events, BinaryOperation.Add, first);
        _device.Linear(workspace, product, _product, first, residual: first);
        _activation.Forward(_device, workspace, first);
        _others?.Forward(workspace, new SplitRows(first), output);
        if (_hasSoftmax)
            _device.SegmentSoftmax(workspace, output, pairs.Sequences, output);
    }

    private static Parameter Scale(Parameter parameter, double factor) => factor == 1 || parameter.IsMissing
        ? parameter
        : Parameter.FromValues(
            parameter.Name, parameter.Rows, parameter.Columns, Array.ConvertAll(parameter.ToArray(), value => value * factor));

    /// <summary>Vectors with their part of the first layer.</summary>
    /// <param name="Rows">[rows, width].</param>
    /// <param name="Part">[rows, first size].</param>
    internal readonly record struct Projected(Tensor Rows, Tensor Part);
}
