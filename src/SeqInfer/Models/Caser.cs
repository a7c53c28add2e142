using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// Caser: convolutional sequence embedding (Tang and Wang 2018). Names: "graytowne" (github.com/graytowne/caser_pytorch) or "recbole"
/// (github.com/RUCAIBox/RecBole).
/// </summary>
/// <remarks>
/// The window always has max_length slots; padding is an ordinary row, 0, and takes part. The vertical filters have no activation, so that they and the
/// layer after them are one linear map of the window; it is multiplied out at load. Keeps no state: each new event moves the window.
/// </remarks>
public sealed class Caser : SequenceEncoder
{
    private const string UsersInput = "users";

    private readonly int _length;
    private readonly PaddingSide _side;
    private readonly Activation _filterActivation;
    private readonly Activation _activation;
    private readonly Table _items;
    private readonly Table _users;
    private readonly Convolution[] _filters;
    private readonly Linear _join;
    private readonly Linear? _output;
    private readonly int _usersInput;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public Caser(ModelConfig config, WeightScope weights, Device device)
        : this(config, weights, device, config.Choice("naming", ("graytowne", true), ("recbole", false)), config.Int("num_items", max: int.MaxValue - 1))
    {
    }

    private Caser(ModelConfig config, WeightScope weights, Device device, bool graytowne, int itemCount)
        : base(device, MakeShape(config, graytowne, itemCount))
    {
        int size = config.Int("hidden_size");
        int filterCount = config.Int("horizontal_filters");
        _length = config.Int("max_length");
        _side = config.Choice("padding_side", TransformerOptions.PaddingSides);
        _filterActivation = ReadActivation(config, "conv_activation");
        _activation = ReadActivation(config, "fc_activation");
        _usersInput = Signature.IndexOfInput(UsersInput);

        string plural = graytowne ? "s" : "";
        Parameter items = weights.Matrix($"item_embedding{plural}.weight", itemCount + 1, size);
        _items = device.CreateTable(items);
        _users = device.CreateTable(weights.Matrix($"user_embedding{plural}.weight", config.Int("num_users"), size));
        _filters = new Convolution[_length];
        for (int i = 0; i < _length; i++)
        {
            WeightScope filter = weights.Scope($"conv_h.{i}");
            Parameter kernel = filter.Tensor("weight", filterCount, 1, i + 1, size);
            _filters[i] = new Convolution(device, kernel, filter.Vector("bias", filterCount), size);
        }

        _join = ReadJoin(device, weights, config.Int("vertical_filters"), filterCount, size);
        if (graytowne)
        {
            Parameter rows = weights.Matrix("W2.weight", itemCount + 1, 2 * size);
            Parameter bias = weights.Matrix("b2.weight", itemCount + 1, 1).Transpose();
            RankWith(device.CreateCatalogue(rows, bias, new CatalogueOptions { ExcludedIds = [0] }));
            return;
        }

        _output = new Linear(device, weights.Scope("fc2"), 2 * size, size);
        RankWith(device.CreateCatalogue(items, null, new CatalogueOptions { ExcludedIds = [0] }));
    }

    /// <inheritdoc/>
    protected override void Encode(ForwardPass pass, Tensor hidden)
    {
        Workspace workspace = pass.Workspace;
        using WorkspaceFrame frame = workspace.Frame();
        int batch = pass.Batch.Count;
        int size = _items.ColumnCount;
        Tensor x = workspace.Take(batch * _length, size);
        Device.Embed(workspace, pass.Windows(0, _length, _side, out _), _items, x);

        // [window, slot after slot; maxima of the filters of 1, 2, ... slots].
        Tensor features = workspace.Take(batch, _join.InputSize);
        Indices slots = new ConvolutionGrid(_length, _length).Taps(workspace, batch);
        for (int slot = 0; slot < _length; slot++)
            Device.GatherRows(workspace, x, slots.Slice(slot * batch, batch), features.Columns(slot * size, size));
        int column = _length * size;
        foreach (Convolution filter in _filters)
        {
            Convolve(workspace, filter, x, batch, features.Columns(column, filter.OutputSize));
            column += filter.OutputSize;
        }

        Tensor joined = _output is null ? hidden : workspace.Take(batch, 2 * size);
        _join.Forward(workspace, features, joined.Columns(0, size), _activation);
        Device.Embed(workspace, pass.Ids(_usersInput), _users, joined.Columns(size, size));
        _output?.Forward(workspace, joined, hidden, _activation);
    }

    /// <summary>The maximum over time of a filter's activations.</summary>
    private void Convolve(Workspace workspace, Convolution filter, Tensor x, int batch, Tensor y)
    {
        using WorkspaceFrame frame = workspace.Frame();
        var grid = new ConvolutionGrid(_length, filter.TapCount);
        Tensor steps = workspace.Take(batch * grid.OutputLength, filter.OutputSize);
        filter.Forward(workspace, x, grid.Taps(workspace, batch), steps, _filterActivation);
        Device.Pool(workspace, steps, workspace.TakeRagged(batch, grid.OutputLength), PoolKind.Max, y);
    }

    /// <summary>fc1 of [vertical filters, horizontal filters] as a layer of [window, horizontal filters].</summary>
    private Linear ReadJoin(Device device, WeightScope weights, int verticalCount, int filterCount, int size)
    {
        Parameter vertical = weights.Tensor("conv_v.weight", verticalCount, 1, _length, 1);
        Parameter verticalBias = weights.Vector("conv_v.bias", verticalCount);
        int horizontal = filterCount * _length;
        Parameter weight = weights.Matrix("fc1.weight", size, (verticalCount * size) + horizontal);
        Parameter bias = weights.Vector("fc1.bias", size);
        double[] filters = vertical.ToArray();
        double[] filterBias = verticalBias.ToArray();
        double[] joined = new double[size * _length * size];
        double[] joinedBias = bias.ToArray();
        double[] row = new double[weight.Columns];
        for (int o = 0; o < size; o++)
        {
            weight.CopyRow(o, row);
            for (int f = 0; f < verticalCount; f++)
            {
                for (int column = 0; column < size; column++)
                {
                    double w = row[(f * size) + column];
                    joinedBias[o] += w * filterBias[f];
                    for (int slot = 0; slot < _length; slot++)
                        joined[(((o * _length) + slot) * size) + column] += w * filters[(f * _length) + slot];
                }
            }
        }

        return new Linear(device.CreateLinear(
            Parameter.ConcatColumns(
                weight.Name,
                Parameter.FromValues(weight.Name, size, _length * size, joined),
                weight.SliceColumns(verticalCount * size, horizontal)),
            Parameter.FromValues(bias.Name, 1, size, joinedBias)));
    }

    private static Activation ReadActivation(ModelConfig config, string field) => config.Choice(
        field,
        ("relu", (Activation)ActivationKind.Relu),
        ("tanh", ActivationKind.Tanh),
        ("sigmoid", ActivationKind.Sigmoid),
        ("none", Activation.None));

    private static SequenceEncoderShape MakeShape(ModelConfig config, bool graytowne, int itemCount)
    {
        int size = config.Int("hidden_size");
        InputSpec users = new() { Name = UsersInput, Kind = InputKind.Ids, Width = 1, MaxId = config.Int("num_users") - 1 };
        return new SequenceEncoderShape(graytowne ? 2 * size : size, FirstId: 1, itemCount, itemCount, config.Int("max_length"))
        {
            OtherInputs = [users],
        };
    }
}
