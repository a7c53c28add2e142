using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>Shape of a recurrent network: torch.nn.RNN, LSTM or GRU.</summary>
/// <param name="Cell">Which cell.</param>
/// <param name="InputSize">Columns of the first layer's input.</param>
/// <param name="HiddenSize">Columns of a state.</param>
/// <param name="LayerCount">Layers on top of each other.</param>
/// <param name="IsBidirectional">True runs a second network from the last row to the first and joins both outputs.</param>
/// <param name="HasBias">False for torch's bias=False.</param>
/// <param name="IsOneHot">True when the first layer's input is one-hot of <paramref name="InputSize"/> classes: a step's input is a column of W_ih.</param>
public readonly record struct RecurrentShape(
    RecurrentCell Cell, int InputSize, int HiddenSize, int LayerCount, bool IsBidirectional = false, bool HasBias = true, bool IsOneHot = false)
{
    /// <summary>1 or 2.</summary>
    public int DirectionCount => IsBidirectional ? 2 : 1;

    /// <summary>Columns of the top layer's state where layers differ; <see cref="HiddenSize"/> is then the widest.</summary>
    public int TopSize { get; init; } = HiddenSize;

    /// <summary>Columns of the top layer's output.</summary>
    public int OutputSize => checked(TopSize * DirectionCount);

    /// <summary>Layers times directions: how many states a sequence has.</summary>
    public int StateCount => checked(LayerCount * DirectionCount);
}

/// <summary>Stacked recurrent layers over ragged sequences.</summary>
public sealed class RecurrentStack
{
    private readonly Device _device;
    private readonly RecurrentLayer[] _layers;

    /// <summary>Stacks layers, of each the directions one after the other.</summary>
    public RecurrentStack(Device device, RecurrentShape shape, params ReadOnlySpan<RecurrentLayer> layers)
    {
        _device = device;
        Shape = shape;
        _layers = layers.ToArray();
    }

    /// <summary>Reads the weights below a scope, with PyTorch's names: weight_ih_l0, weight_hh_l0_reverse, ...</summary>
    public RecurrentStack(Device device, WeightScope scope, RecurrentShape shape)
        : this(device, shape, ReadLayers(device, scope, shape))
    {
    }

    /// <summary>Sizes.</summary>
    public RecurrentShape Shape { get; }

    /// <summary>Runs all layers over embedded rows.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="x">[rows, input size].</param>
    /// <param name="sequences">Which rows form a sequence.</param>
    /// <param name="states">The states of every layer.</param>
    /// <param name="output">Receives the top layer's h after every step, [rows, output size]; or null.</param>
    public void Forward(Workspace workspace, Tensor x, Ragged sequences, RecurrentStates states, Tensor? output = null)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Run(workspace, x, default, sequences, states, output);
    }

    /// <summary>Runs all layers over ids, one-hot input only.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="ids">One class a row, 0 .. input size - 1.</param>
    /// <param name="sequences">Which rows form a sequence.</param>
    /// <param name="states">The states of every layer.</param>
    /// <param name="output">Receives the top layer's h after every step, [rows, output size]; or null.</param>
    public void Forward(Workspace workspace, Indices ids, Ragged sequences, RecurrentStates states, Tensor? output = null)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Run(workspace, default, ids, sequences, states, output);
    }

    /// <summary>The last states of the top layer, side by side: forward, then backward.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="states">The states that a forward pass filled.</param>
    /// <param name="y">[batch, output size].</param>
    public void TopState(Workspace workspace, RecurrentStates states, Tensor y)
    {
        int top = (Shape.LayerCount - 1) * Shape.DirectionCount;
        for (int direction = 0; direction < Shape.DirectionCount; direction++)
        {
            Tensor state = states.Of(top + direction, y.RowCount, Shape.TopSize).Hidden!.Value;
            _device.Apply(workspace, state, Activation.None, y.Columns(direction * Shape.TopSize, Shape.TopSize));
        }
    }

    private static RecurrentLayer[] ReadLayers(Device device, WeightScope scope, RecurrentShape shape)
    {
        var layers = new RecurrentLayer[shape.StateCount];
        for (int i = 0; i < layers.Length; i++)
        {
            (int layer, int direction) = Math.DivRem(i, shape.DirectionCount);
            var spec = new RecurrentSpec(shape.Cell, layer == 0 ? shape.InputSize : shape.OutputSize, shape.HiddenSize, direction == 1);
            string suffix = $"_l{layer}{(direction == 1 ? "_reverse" : "")}";
            layers[i] = RecurrentLayer.Read(device, scope, spec, suffix, shape.HasBias, layer == 0 && shape.IsOneHot);
        }

        return layers;
    }

    private void Run(Workspace workspace, Tensor x, Indices ids, Ragged sequences, RecurrentStates states, Tensor? output)
    {
        for (int layer = 0; layer < Shape.LayerCount; layer++)
        {
            int first = layer * Shape.DirectionCount;
            int size = _layers[first].HiddenSize;

            // Where nobody wants the top layer's steps, its last state is all it gives.
            Tensor? y = layer == Shape.LayerCount - 1 ? output : workspace.Take(sequences.RowCount, size * Shape.DirectionCount);
            for (int direction = 0; direction < Shape.DirectionCount; direction++)
            {
                RecurrentState state = states.Of(first + direction, sequences.Count, size);
                _layers[first + direction].Forward(
                    workspace, x, ids, sequences, states.AreInitial ? state : default, y?.Columns(direction * size, size), state);
            }

            if (y is { } next)
                x = next;
        }
    }
}
