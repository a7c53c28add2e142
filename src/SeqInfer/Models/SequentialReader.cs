using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>Reads the layers of a sequential model and joins those that one operation computes.</summary>
internal sealed class SequentialReader
{
    private readonly WeightScope _weights;
    private readonly Device _device;
    private readonly IReadOnlyList<ModelConfig> _layers;
    private readonly ILookup<int, int> _outputsAt;
    private readonly List<SequentialStep> _steps = [];
    private int _width;

    private SequentialReader(ModelConfig config, WeightScope weights, Device device)
    {
        _weights = weights;
        _device = device;
        _width = config.Int("input_size");
        _layers = config.Objects("layers");
        if (_layers.Count == 0)
            throw config.Error("layers", "is empty; expected at least one layer");
        IReadOnlyDictionary<string, int> outputs = config.IntMap("outputs");
        if (outputs.Count is 0 or > 64)
            throw config.Error("outputs", $"has {outputs.Count} entries; expected 1 .. 64");
        OutputNames = [.. outputs.Keys];
        _outputsAt = OutputNames.Select((name, i) => (Layer: LayerOf(config, name, outputs[name]), Output: i)).ToLookup(pair => pair.Layer, pair => pair.Output);
    }

    private ImmutableArray<string> OutputNames { get; }

    public static SequentialPlan Read(ModelConfig config, WeightScope weights, Device device)
    {
        var reader = new SequentialReader(config, weights, device);
        int inputSize = reader._width;
        for (int i = 0; i < reader._layers.Count;)
            i = reader.ReadStep(i);
        var widths = reader._steps.SelectMany(step => step.Outputs, (step, output) => (step.Width, output)).ToDictionary(pair => pair.output, pair => pair.Width);
        var signature = new ModelSignature(
            [new InputSpec { Name = "features", Kind = InputKind.Values, Width = inputSize }],
            reader.OutputNames.Select((name, i) => new OutputSpec { Name = name, Kind = OutputKind.PerRow, Width = widths[i] }));
        return new SequentialPlan(signature, inputSize, [.. reader._steps]);
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
            case LayerType.Activation:
                ReadActivation(i);
                break;
            case LayerType.PRelu:
                VectorWeights slope = _device.CreateVector(ReadSlope(layer));
                Add(i, i, _width, (workspace, x, y) => _device.PRelu(workspace, x, slope, y));
                break;
            case LayerType.LayerNorm:
                var norm = new LayerNorm(_device, Scope(layer), _width, layer.NonNegative("eps"));
                Add(i, i, _width, (workspace, x, y) => norm.Forward(workspace, x, y));
                break;
            case LayerType.BatchNorm:
                BatchNorm batchNorm = ReadBatchNorm(layer, _width);
                VectorWeights scale = _device.CreateVector(batchNorm.Scale);
                VectorWeights shift = _device.CreateVector(batchNorm.Shift);
                Add(i, i, _width, (workspace, x, y) => _device.ScaleShift(workspace, x, scale, shift, y));
                break;
            default:
                // Dropout does nothing; where it is an output, that is a copy.
                if (_outputsAt.Contains(i))
                    Add(i, i, _width, (workspace, x, y) => _device.Apply(workspace, x, Activation.None, y));
                break;
        }

        return i + 1;
    }

    private int ReadLinear(int i)
    {
        ModelConfig layer = _layers[i];
        int inputSize = layer.Int("in");
        int outputSize = layer.Int("out");
        if (inputSize != _width)
            throw layer.Error("in", $"{inputSize} is not allowed; the layer before gives {_width} columns");
        KernelLayout layout = layer.Choice("kernel_layout", ("out_in", KernelLayout.OutIn), ("in_out", KernelLayout.InOut));
        WeightScope scope = Scope(layer);
        Parameter weight = Linear.Kernel(scope, inputSize, outputSize, layout);
        Parameter? bias = layer.Bool("bias") ? scope.Vector("bias", outputSize) : null;

        int last = i;
        int next = NextThatActs(i);
        if (next >= 0 && TypeOf(_layers[next]) == LayerType.BatchNorm)
        {
            (weight, bias) = ReadBatchNorm(_layers[next], outputSize).Fold(weight, bias);
            last = next;
            next = NextThatActs(next);
        }

        Activation activation = default;
        if (next >= 0 && TypeOf(_layers[next]) == LayerType.Activation && FunctionOf(_layers[next]) is { } function)
        {
            activation = function;
            last = next;
        }

        var linear = new Linear(_device.CreateLinear(weight, bias));
        Add(i, last, outputSize, (workspace, x, y) => linear.Forward(workspace, x, y, activation));
        return last + 1;
    }

    private void ReadActivation(int i)
    {
        if (FunctionOf(_layers[i]) is { } activation)
        {
            Add(i, i, _width, (workspace, x, y) => _device.Apply(workspace, x, activation, y));
            return;
        }

        bool log = _layers[i].Text("function") == "log_softmax";
        Add(i, i, _width, (workspace, x, y) => _device.Softmax(workspace, x, y, log));
    }

    /// <summary>The next layer that does something, or -1 where there is none or an output is taken in between.</summary>
    private int NextThatActs(int i)
    {
        for (; i < _layers.Count - 1 && !_outputsAt.Contains(i); i++)
        {
            if (TypeOf(_layers[i + 1]) != LayerType.Dropout)
                return i + 1;
        }

        return -1;
    }

    private void Add(int first, int last, int width, Action<Workspace, Tensor, Tensor> forward)
    {
        ImmutableArray<int> outputs = [.. Enumerable.Range(first, last - first + 1).SelectMany(layer => _outputsAt[layer])];
        _steps.Add(new SequentialStep(width, outputs, forward));
        _width = width;
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
        ("dropout", LayerType.Dropout));

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
    }
}
