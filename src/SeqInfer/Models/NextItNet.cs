using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// NextItNet: dilated causal convolutions over the history (Yuan et al. 2019). Names: "recbole" (github.com/RUCAIBox/RecBole).
/// </summary>
/// <remarks>
/// The window has max_length slots, padding is the row of id 0, and slots before the window are zeros at every layer. Only the slots that the output
/// position can see are computed. Keeps no state: the window moves, or its output does, with each new event.
/// </remarks>
public sealed class NextItNet : SequenceEncoder
{
    private readonly int _length;
    private readonly PaddingSide _side;
    private readonly bool _readsLastItem;
    private readonly Table _items;
    private readonly CausalSlots _slots;
    private readonly NextItNetBlock[] _blocks;
    private readonly Linear _output;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public NextItNet(ModelConfig config, WeightScope weights, Device device)
        : this(config, weights, device, config.Int("num_items", max: int.MaxValue - 1), config.Int("embedding_size"))
    {
    }

    private NextItNet(ModelConfig config, WeightScope weights, Device device, int itemCount, int size)
        : base(device, new SequenceEncoderShape(size, FirstId: 1, itemCount, itemCount, config.Int("max_length")))
    {
        config.Choice("naming", ("recbole", true));
        _length = config.Int("max_length");
        _side = config.Choice("padding_side", TransformerOptions.PaddingSides);
        _readsLastItem = config.Choice("output_position", ("last_slot", false), ("last_item", true));
        double epsilon = config.NonNegative("layer_norm_eps");
        int kernelSize = config.Int("kernel_size");
        ImmutableArray<int> dilations = config.Ints("dilations");

        Parameter items = weights.Matrix("item_embedding.weight", itemCount + 1, size);
        _items = device.CreateTable(items);
        _blocks = new NextItNetBlock[checked(config.Int("block_num") * dilations.Length)];
        _slots = CausalSlots.Last(_length);
        for (int i = _blocks.Length - 1; i >= 0; i--)
        {
            (int, int, int) sizes = (size, kernelSize, dilations[i % dilations.Length]);
            _blocks[i] = new NextItNetBlock(device, weights.Scope($"residual_blocks.{i}"), _slots, sizes, epsilon);
            _slots = _blocks[i].Inputs;
        }

        _output = new Linear(device, weights.Scope("final_layer"), size, size);
        RankWith(device.CreateCatalogue(items, null, new CatalogueOptions { ExcludedIds = [0] }));
    }

    /// <inheritdoc/>
    protected override void Encode(ForwardPass pass, Tensor hidden)
    {
        Workspace workspace = pass.Workspace;
        using WorkspaceFrame frame = workspace.Frame();
        Ragged windows = Windows(pass, out Indices slots);
        Ragged rows = _slots.Rows(workspace, windows);
        Tensor x = workspace.Take(rows.RowCount, _items.ColumnCount);
        Device.Embed(workspace, _slots.Pick(workspace, slots, windows, rows), _items, x);
        Tensor spare = workspace.Take(rows.RowCount, _items.ColumnCount);
        foreach (NextItNetBlock block in _blocks)
        {
            Tensor y = block.Forward(workspace, windows, ref rows, x, spare);
            (x, spare) = (y, x);
        }

        _output.Forward(workspace, x, hidden);
    }

    /// <summary>The ids up to the output position, slot after slot.</summary>
    private Ragged Windows(ForwardPass pass, out Indices slots)
    {
        if (_readsLastItem && _side == PaddingSide.Right)
            return pass.Sequences(0, emptyId: 0, out slots);
        slots = pass.Windows(0, _length, _side, out Ragged windows);
        return windows;
    }
}
