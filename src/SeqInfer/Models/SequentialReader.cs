using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>Reads the layers of a sequential model and joins those that one operation computes.</summary>
internal sealed partial class SequentialReader
{
    private readonly WeightScope _weights;
    private readonly Device _device;
    private readonly IReadOnlyList<ModelConfig> _layers;
    private readonly List<int>[] _outputsAt;
    private readonly List<SequentialStep> _steps = [];
    private readonly ModelConfig _config;
    private Table? _table;
    private InputSpec? _input;
    private int _width;

    // Steps of the state; 0 where it is no sequence.
    private int _length;

    private SequentialReader(ModelConfig config, WeightScope weights, Device device)
    {
        _config = config;
        _weights = weights;
        _device = device;
        _layers = config.Objects("layers");
        if (_layers.Count == 0)
            throw config.Error("layers", "is empty; expected at least one layer");
        IReadOnlyDictionary<string, int> outputs = config.IntMap("outputs");
        if (outputs.Count is 0 or > 64)
            throw config.Error("outputs", $"has {outputs.Count} entries; expected 1 .. 64");
        OutputNames = [.. outputs.Keys];
        _outputsAt = [.. _layers.Select(_ => new List<int>())];
        for (int i = 0; i < OutputNames.Length; i++)
            _outputsAt[LayerOf(config, OutputNames[i], outputs[OutputNames[i]])].Add(i);
    }

    private ImmutableArray<string> OutputNames { get; }

    public static SequentialPlan Read(ModelConfig config, WeightScope weights, Device device)
    {
        var reader = new SequentialReader(config, weights, device);
        int first = reader.ReadInput(config);
        (int width, int length) = (reader._width, reader._length);
        for (int i = first; i < reader._layers.Count;)
            i = reader.ReadStep(i);
        int[] widths = new int[reader.OutputNames.Length];
        foreach (SequentialStep step in reader._steps)
        {
            foreach (int output in step.Outputs)
                widths[output] = step.Width;
        }

        var signature = new ModelSignature(
            [reader._input!],
            reader.OutputNames.Select((name, i) => new OutputSpec { Name = name, Kind = OutputKind.PerRow, Width = widths[i] }));
        return new SequentialPlan(signature, reader._table, width, length, [.. reader._steps]);
    }

    private int LayerOf(ModelConfig config, string name, int index)
    {
        int layer = index < 0 ? _layers.Count + index : index;
        return layer >= 0 && layer < _layers.Count
            ? layer
            : throw config.Error($"outputs.{name}", $"{index} is not allowed; expected a layer {-_layers.Count} .. {_layers.Count - 1}");
    }

    /// <summary>Reads the step that begins with a layer; gives the layer after it.</summary>
    private int ReadStep(int i)
    {
        ModelConfig layer = _layers[i];
        switch (TypeOf(layer))
        {
            case LayerType.Linear:
                return ReadLinear(i);
            case LayerType.Conv1d:
                return ReadConvolution(i);
            case LayerType.Pool1d:
                ReadPool(i);
                break;
            case LayerType.GlobalPool:
                ReadGlobalPool(i);
                break;
            case LayerType.Flatten:
                ReadFlatten(i);
                break;
            case LayerType.Embedding:
                throw layer.Error("type", "is not allowed here; an \"embedding\" is the first layer over ids");
            case LayerType.Activation:
                ReadActivation(i);
                break;
            case LayerType.PRelu:
                VectorWeights slope = _device.CreateVector(ReadSlope(layer));
                Add(i, i, _width, _length, (workspace, x, y) => _device.PRelu(workspace, x, slope, y));
                break;
            case LayerType.LayerNorm:
                var norm = new LayerNorm(_device, Scope(layer), _width, layer.NonNegative("eps"));
                Add(i, i, _width, _length, (workspace, x, y) => norm.Forward(workspace, x, y));
                break;
            case LayerType.BatchNorm:
                BatchNorm batchNorm = ReadBatchNorm(layer, _width);
                VectorWeights scale = _device.CreateVector(batchNorm.Scale);
                VectorWeights shift = _device.CreateVector(batchNorm.Shift);
                Add(i, i, _width, _length, (workspace, x, y) => _device.ScaleShift(workspace, x, scale, shift, y));
                break;
            default:
                // Dropout does nothing; where it is an output, that is a copy.
                if (_outputsAt[i].Count > 0)
                    Add(i, i, _width, _length, (workspace, x, y) => _device.Apply(workspace, x, Activation.None, y));
                break;
        }

        return i + 1;
    }

    private int ReadLinear(int i)
    {
        ModelConfig layer = _layers[i];
        int inputSize = ReadInputSize(layer);
        int outputSize = layer.Int("out");
        KernelLayout layout = layer.Choice("kernel_layout", ("out_in", KernelLayout.OutIn), ("in_out", KernelLayout.InOut));
        WeightScope scope = Scope(layer);
        Parameter weight = Linear.Kernel(scope, inputSize, outputSize, layout);
        Parameter? bias = layer.Bool("bias") ? scope.Vector("bias", outputSize) : null;
        int last = Fuse(i, outputSize, ref weight, ref bias, out Activation activation);
        AddLinear(i, last, outputSize, new LinearStage(_device.CreateLinear(weight, bias), activation));
        return last + 1;
    }

    private int ReadInputSize(ModelConfig layer)
    {
        int inputSize = layer.Int("in");
        return inputSize == _width
            ? inputSize
            : throw layer.Error("in", $"{inputSize} is not allowed; the layer before gives {_width} columns");
    }

    /// <summary>Takes a batch norm and an activation that follow into a layer's weights and its operation.</summary>
    /// <returns>The last layer that was taken in.</returns>
    private int Fuse(int i, int outputSize, ref Parameter weight, ref Parameter? bias, out Activation activation)
    {
        int last = i;
        int next = NextThatActs(i);
        if (next >= 0 && TypeOf(_layers[next]) == LayerType.BatchNorm)
        {
            (weight, bias) = ReadBatchNorm(_layers[next], outputSize).Fold(weight, bias);
            last = next;
            next = NextThatActs(next);
        }

        activation = default;
        if (next >= 0 && TypeOf(_layers[next]) == LayerType.Activation && FunctionOf(_layers[next]) is { } function)
        {
            activation = function;
            last = next;
        }

        return last;
    }

    private void ReadActivation(int i)
    {
        if (FunctionOf(_layers[i]) is { } activation)
        {
            Add(i, i, _width, _length, (workspace, x, y) => _device.Apply(workspace, x, activation, y));
            return;
        }

        bool log = _layers[i].Text("function") == "log_softmax";
        Add(i, i, _width, _length, (workspace, x, y) => _device.Softmax(workspace, x, y, log));
    }

    /// <summary>The next layer that does something, or -1 where there is none or an output is taken in between.</summary>
    private int NextThatActs(int i)
    {
        for (; i < _layers.Count - 1 && _outputsAt[i].Count == 0; i++)
        {
            if (TypeOf(_layers[i + 1]) != LayerType.Dropout)
                return i + 1;
        }

        return -1;
    }

    // Joins the layer to those right before it unless an output is taken in between.
    private void AddLinear(int first, int last, int width, LinearStage stage)
    {
        ImmutableArray<LinearStage> before = [];
        if (_steps.Count > 0 && _steps[^1] is { Outputs.IsEmpty: true, Chain: { } joined })
        {
            before = joined.Stages;
            _steps.RemoveAt(_steps.Count - 1);
        }

        LinearChain chain = new([.. before, stage]);
        Add(first, last, width, _length, (workspace, x, y) => _device.LinearChain(workspace, x, chain, y));
        _steps[^1] = _steps[^1] with { Chain = chain };
    }

    private void Add(int first, int last, int width, int length, Action<Workspace, Tensor, Tensor> forward)
    {
        List<int> outputs = [];
        for (int layer = first; layer <= last; layer++)
            outputs.AddRange(_outputsAt[layer]);
        _steps.Add(new SequentialStep(width, Math.Max(1, length), [.. outputs], forward));
        _width = width;
        _length = length;
        CheckOutputs(last);
    }

    /// <summary>Throws where a layer is an output whose result is a sequence.</summary>
    private void CheckOutputs(int layer)
    {
        foreach (int output in _outputsAt[layer])
        {
            if (_length > 0)
                throw _config.Error($"outputs.{OutputNames[output]}", $"layer {layer} is not allowed; it gives a sequence, which has to be pooled or flattened first");
        }
    }

    private WeightScope Scope(ModelConfig layer) => _weights.Scope(layer.Text("name"));

    private Parameter ReadSlope(ModelConfig layer)
    {
        WeightScope scope = Scope(layer);
        bool isSingle = scope.TryGetInfo("weight", out TensorInfo? tensor) && tensor.Shape.ElementCount == 1;
        return scope.Vector("weight", isSingle ? 1 : _width);
    }

    private BatchNorm ReadBatchNorm(ModelConfig layer, int width) => BatchNorm.Read(Scope(layer), width, layer.NonNegative("eps"));

    private static LayerType TypeOf(ModelConfig layer) => layer.Choice(
        "type",
        ("linear", LayerType.Linear),
        ("activation", LayerType.Activation),
        ("prelu", LayerType.PRelu),
        ("layer_norm", LayerType.LayerNorm),
        ("batch_norm", LayerType.BatchNorm),
        ("dropout", LayerType.Dropout),
        ("embedding", LayerType.Embedding),
        ("conv1d", LayerType.Conv1d),
        ("pool1d", LayerType.Pool1d),
        ("global_pool", LayerType.GlobalPool),
        ("flatten", LayerType.Flatten));

    /// <summary>The element-wise function of an activation layer; null for a softmax, which works on whole rows.</summary>
    private static Activation? FunctionOf(ModelConfig layer)
    {
        ActivationKind? kind = layer.Choice<ActivationKind?>(
            "function",
            ("relu", ActivationKind.Relu),
            ("gelu", ActivationKind.Gelu),
            ("gelu_tanh", ActivationKind.GeluTanh),
            ("silu", ActivationKind.Silu),
            ("sigmoid", ActivationKind.Sigmoid),
            ("tanh", ActivationKind.Tanh),
            ("leaky_relu", ActivationKind.LeakyRelu),
            ("elu", ActivationKind.Elu),
            ("softmax", null),
            ("log_softmax", null));
        if (kind is not { } function)
            return null;
        Activation activation = function;
        return function is ActivationKind.LeakyRelu or ActivationKind.Elu
            ? activation with { Alpha = (float)layer.OptionalNumber("alpha", activation.Alpha) }
            : activation;
    }

    private enum LayerType
    {
        Linear,
        Activation,
        PRelu,
        LayerNorm,
        BatchNorm,
        Dropout,
        Embedding,
        Conv1d,
        Pool1d,
        GlobalPool,
        Flatten,
    }
}
