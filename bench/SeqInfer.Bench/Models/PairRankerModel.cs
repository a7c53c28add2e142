using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Models.Ctr;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Bench.Models;

/// <summary>
/// The deep interest network (Zhou et al. 2018) for one user and many candidates, as its formula says: the attention network reads
/// [q, k, q - k, q * k] of every pair. What an export to ONNX has; named and shaped as RecBole's DIN.
/// </summary>
/// <remarks>
/// With "split" the network's first layer is taken apart by hand, as the engine does it: W [q, k, q - k, q * k] =
/// (W_q + W_d) q + (W_k - W_d) k + W_p (q * k), and only the last term is computed for every pair.
/// </remarks>
internal sealed class PairRankerModel : Model
{
    private readonly Table _items;
    private readonly (LinearWeights Weights, Activation Activation)[] _attention;
    private readonly LinearWeights? _ofTarget;
    private readonly LinearWeights? _ofKey;
    private readonly (LinearWeights Weights, Activation Activation)[] _network;
    private readonly int _size;

    public PairRankerModel(ModelConfig config, WeightScope weights, Device device)
        : base(device, Sign(config))
    {
        _size = config.Int("embedding_size");
        int count = config.Int("num_items");
        _items = device.CreateTable(weights.Matrix("embedding_layer.token_embedding_table.item.embedding.weight", count, _size));
        WeightScope attention = weights.Scope("attention");
        List<(Parameter Weight, Parameter Bias, Activation Activation)> pairs =
            Read(attention.Scope("att_mlp_layers"), config.Ints("attention_hidden_sizes"), 4 * _size, ActivationKind.Sigmoid, attention.Scope("dense"));
        if (config.Bool("split"))
        {
            (Parameter weight, Parameter bias, Activation activation) = pairs[0];
            Parameter[] parts = [.. Enumerable.Range(0, 4).Select(part => weight.SliceColumns(part * _size, _size))];
            Parameter negative = Parameter.FromValues("-W_d", weight.Rows, _size, Array.ConvertAll(parts[2].ToArray(), value => -value));
            _ofTarget = device.CreateLinear(parts[0].Add(parts[2]), bias);
            _ofKey = device.CreateLinear(parts[1].Add(negative), null);
            _attention = [(device.CreateLinear(parts[3], null), activation), .. Create(pairs[1..])];
        }
        else
        {
            _attention = [.. Create(pairs)];
        }

        _network = [.. Create(Read(
            weights.Scope("dnn_mlp_layers"), config.Ints("mlp_hidden_sizes"), 3 * _size, ActivationKind.Relu, weights.Scope("dnn_predict_layers")))];
    }

    public override void Forward(ForwardPass pass)
    {
        Workspace workspace = pass.Workspace;
        _ = pass.Sequences(0, out Indices items);
        _ = pass.Sequences(1, out Indices ids);
        Tensor logits = pass.EmitNew(0, ids.Count, 1);
        Tensor keys = workspace.Take(items.Count, _size);
        Tensor input = workspace.Take(ids.Count, 3 * _size);
        Tensor interest = input.Columns(0, _size);
        Tensor targets = input.Columns(_size, _size);
        Device.Embed(workspace, items, _items, keys);
        Device.Embed(workspace, ids, _items, targets);

        int pairs = checked(items.Count * ids.Count);
        Indices targetOf = workspace.TakeIndices(pairs);
        Indices eventOf = workspace.TakeIndices(pairs);
        for (int pair = 0; pair < pairs; pair++)
        {
            workspace.Span(targetOf)[pair] = pair / items.Count;
            workspace.Span(eventOf)[pair] = pair % items.Count;
        }

        Tensor weights = Weigh(workspace, targets, targetOf, keys, eventOf);
        var adjacency = new Adjacency(workspace.TakeRagged(ids.Count, items.Count), eventOf, weights);
        Device.Aggregate(workspace, keys, adjacency, AggregateKind.Sum, interest);
        Device.Combine(workspace, interest, targets, BinaryOperation.Multiply, input.Columns(2 * _size, _size));
        _ = Run(workspace, input, _network, logits);
    }

    private static ModelSignature Sign(ModelConfig config)
    {
        var items = new InputSpec
        {
            Name = SequenceEncoder.ItemsInput,
            Kind = InputKind.RaggedIds,
            MinId = 1,
            MaxId = config.Int("num_items") - 1,
            MaxLength = config.Int("max_length"),
        };
        return new ModelSignature(
            [items, items with { Name = RankingHead.CandidatesInput, MaxLength = 0, Role = RaggedRole.Candidates }],
            [new OutputSpec { Name = RankerPlan.LogitsOutput, Kind = OutputKind.PerCandidate }]);
    }

    // RecBole numbers the entries of its list: dropout, linear, activation of every layer.
    private static List<(Parameter Weight, Parameter Bias, Activation Activation)> Read(
        WeightScope scope, ImmutableArray<int> sizes, int inputSize, ActivationKind activation, WeightScope last)
    {
        List<(Parameter Weight, Parameter Bias, Activation Activation)> layers = [];
        foreach (int size in sizes)
        {
            WeightScope layer = scope.Scope($"mlp_layers.{(3 * layers.Count) + 1}");
            layers.Add((layer.Matrix("weight", size, inputSize), layer.Vector("bias", size), activation));
            inputSize = size;
        }

        layers.Add((last.Matrix("weight", 1, inputSize), last.Vector("bias", 1), default));
        return layers;
    }

    private IEnumerable<(LinearWeights Weights, Activation Activation)> Create(
        IEnumerable<(Parameter Weight, Parameter Bias, Activation Activation)> layers) =>
        layers.Select(layer => (Device.CreateLinear(layer.Weight, layer.Bias), layer.Activation));

    private Tensor Weigh(Workspace workspace, Tensor targets, Indices targetOf, Tensor keys, Indices eventOf)
    {
        int pairs = targetOf.Count;
        if (_ofTarget is null)
        {
            Tensor input = workspace.Take(pairs, 4 * _size);
            Tensor[] parts = [.. Enumerable.Range(0, 4).Select(part => input.Columns(part * _size, _size))];
            Device.GatherRows(workspace, targets, targetOf, parts[0]);
            Device.GatherRows(workspace, keys, eventOf, parts[1]);
            Device.CombineRows(workspace, targets, targetOf, keys, eventOf, BinaryOperation.Subtract, parts[2]);
            Device.CombineRows(workspace, targets, targetOf, keys, eventOf, BinaryOperation.Multiply, parts[3]);
            return Run(workspace, input, _attention, workspace.Take(pairs, 1));
        }

        int size = _ofTarget.OutputSize;
        Tensor ofTargets = workspace.Take(targets.RowCount, size);
        Tensor ofKeys = workspace.Take(keys.RowCount, size);
        Tensor sum = workspace.Take(pairs, size);
        Tensor product = workspace.Take(pairs, _size);
        Tensor first = workspace.Take(pairs, size);
        Device.Linear(workspace, targets, _ofTarget, ofTargets);
        Device.Linear(workspace, keys, _ofKey!, ofKeys);
        Device.CombineRows(workspace, ofTargets, targetOf, ofKeys, eventOf, BinaryOperation.Add, sum);
        Device.CombineRows(workspace, targets, targetOf, keys, eventOf, BinaryOperation.Multiply, product);
        Device.Linear(workspace, product, _attention[0].Weights, first, residual: sum);
        Device.Apply(workspace, first, _attention[0].Activation, first);
        return Run(workspace, first, _attention[1..], workspace.Take(pairs, 1));
    }

    private Tensor Run(Workspace workspace, Tensor x, (LinearWeights Weights, Activation Activation)[] layers, Tensor output)
    {
        for (int i = 0; i < layers.Length; i++)
        {
            Tensor y = i == layers.Length - 1 ? output : workspace.Take(x.RowCount, layers[i].Weights.OutputSize);
            Device.Linear(workspace, x, layers[i].Weights, y, layers[i].Activation);
            x = y;
        }

        return output;
    }
}
