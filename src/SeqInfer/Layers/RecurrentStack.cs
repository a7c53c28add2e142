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

    /// <summary>Columns of the top layer's output.</summary>
    public int OutputSize => checked(HiddenSize * DirectionCount);

    /// <summary>Layers times directions: how many states a sequence has.</summary>
    public int StateCount => checked(LayerCount * DirectionCount);
}

/// <summary>Stacked recurrent layers over ragged sequences, with PyTorch's names (weight_ih_l0, weight_hh_l0_reverse, ...).</summary>
public sealed class RecurrentStack
{
    private readonly Device _device;
    private readonly RecurrentWeights[] _layers;
    private readonly Table[] _oneHot;

    /// <summary>Reads the weights below a scope.</summary>
    public RecurrentStack(Device device, WeightScope scope, RecurrentShape shape)
    {
        _device = device;
        Shape = shape;
        _layers = new RecurrentWeights[shape.StateCount];
        _oneHot = new Table[shape.IsOneHot ? shape.DirectionCount : 0];
        int gates = checked(RecurrentSpec.GatesOf(shape.Cell) * shape.HiddenSize);
        for (int layer = 0; layer < shape.LayerCount; layer++)
        {
            int inputSize = layer == 0 ? shape.InputSize : shape.OutputSize;
            for (int direction = 0; direction < shape.DirectionCount; direction++)
            {
                string suffix = $"l{layer}{(direction == 1 ? "_reverse" : "")}";
                Parameter weightIh = scope.Matrix($"weight_ih_{suffix}", gates, inputSize);
                bool projected = layer == 0 && shape.IsOneHot;
                if (projected)
                    _oneHot[direction] = device.CreateTable(weightIh.Transpose());
                var spec = new RecurrentSpec(shape.Cell, projected ? gates : inputSize, shape.HiddenSize, direction == 1, projected);
                _layers[(layer * shape.DirectionCount) + direction] = device.CreateRecurrent(
                    spec,
                    projected ? null : weightIh,
                    scope.Matrix($"weight_hh_{suffix}", gates, shape.HiddenSize),
                    shape.HasBias ? scope.Vector($"bias_ih_{suffix}", gates) : null,
                    shape.HasBias ? scope.Vector($"bias_hh_{suffix}", gates) : null);
            }
        }
    }

    /// <summary>Sizes.</summary>
    public RecurrentShape Shape { get; }

    /// <summary>Runs all layers over embedded rows.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="x">[rows, input size].</param>
    /// <param name="sequences">Which rows form a sequence.</param>
    /// <param name="hidden">Receives h after the last step, [states * batch, hidden size], layer after layer and direction after direction.</param>
    /// <param name="cell">Receives c in the same order; LSTM only, or null.</param>
    public void Forward(Workspace workspace, Tensor x, Ragged sequences, Tensor hidden, Tensor? cell)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Run(workspace, x, default, sequences, hidden, cell);
    }

    /// <summary>Runs all layers over ids, one-hot input only.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="ids">One class a row, 0 .. input size - 1.</param>
    /// <param name="sequences">Which rows form a sequence.</param>
    /// <param name="hidden">Receives h after the last step, [states * batch, hidden size].</param>
    /// <param name="cell">Receives c in the same order; LSTM only, or null.</param>
    public void Forward(Workspace workspace, Indices ids, Ragged sequences, Tensor hidden, Tensor? cell)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Run(workspace, default, ids, sequences, hidden, cell);
    }

    /// <summary>The last states of the top layer, side by side: forward, then backward.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="hidden">The states that a forward pass filled.</param>
    /// <param name="y">[batch, output size].</param>
    public void TopState(Workspace workspace, Tensor hidden, Tensor y)
    {
        int batch = y.RowCount;
        int top = (Shape.LayerCount - 1) * Shape.DirectionCount;
        for (int direction = 0; direction < Shape.DirectionCount; direction++)
        {
            Tensor state = hidden.Rows((top + direction) * batch, batch);
            _device.Apply(workspace, state, Activation.None, y.Columns(direction * Shape.HiddenSize, Shape.HiddenSize));
        }
    }

    private void Run(Workspace workspace, Tensor x, Indices ids, Ragged sequences, Tensor hidden, Tensor? cell)
    {
        int batch = sequences.Count;
        for (int layer = 0; layer < Shape.LayerCount; layer++)
        {
            // The top layer's output is its last state alone.
            Tensor? output = layer == Shape.LayerCount - 1 ? null : workspace.Take(sequences.RowCount, Shape.OutputSize);
            for (int direction = 0; direction < Shape.DirectionCount; direction++)
            {
                int state = (layer * Shape.DirectionCount) + direction;
                using WorkspaceFrame frame = workspace.Frame();
                Tensor input = x;
                if (layer == 0 && Shape.IsOneHot)
                {
                    input = workspace.Take(ids.Count, _oneHot[direction].ColumnCount);
                    _device.Embed(workspace, ids, _oneHot[direction], input);
                }

                _device.Recurrent(
                    workspace,
                    input,
                    _layers[state],
                    sequences,
                    default,
                    output?.Columns(direction * Shape.HiddenSize, Shape.HiddenSize),
                    new RecurrentState(hidden.Rows(state * batch, batch), cell?.Rows(state * batch, batch)));
            }

            if (output is { } next)
                x = next;
        }
    }
}
