using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// NARM: neural attentive session-based recommendation (Li et al. 2017). Names: "recbole" (github.com/RUCAIBox/RecBole): item_embedding, gru
/// without biases, a_1, a_2, v_t, b.
/// </summary>
/// <remarks>
/// hidden = b [c, h_last] with c the events' states weighted by what the last one makes of them; the score of an item is the inner product with
/// its row. An empty session has hidden 0. Goes on event by event with the states of all events, which every new last event weighs anew.
/// </remarks>
public sealed class Narm : SequenceEncoder
{
    private readonly Table _items;
    private readonly RecurrentStack _stack;
    private readonly LastEventAttention _attention;
    private readonly Linear _output;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public Narm(ModelConfig config, WeightScope weights, Device device)
        : this(config, weights, device, config.Int("num_items", max: int.MaxValue - 1), config.Int("embedding_size"), config.Int("hidden_size"))
    {
    }

    private Narm(ModelConfig config, WeightScope weights, Device device, int itemCount, int embeddingSize, int hiddenSize)
        : base(device, new SequenceEncoderShape(embeddingSize, FirstId: 1, itemCount, itemCount, config.Int("max_length")))
    {
        config.Choice("naming", ("recbole", true));
        config.Choice("padding_side", TransformerOptions.PaddingSides);
        Parameter items = weights.Matrix("item_embedding.weight", itemCount + 1, embeddingSize);
        _items = device.CreateTable(items);
        var shape = new RecurrentShape(RecurrentCell.Gru, embeddingSize, hiddenSize, config.Int("num_layers"), HasBias: false);
        _stack = new RecurrentStack(device, weights.Scope("gru"), shape);
        _attention = new LastEventAttention(
            device,
            new Linear(device, weights.Scope("a_2"), hiddenSize, hiddenSize, hasBias: false),
            new Linear(device, weights.Scope("a_1"), hiddenSize, hiddenSize, hasBias: false),
            new Linear(device, weights.Scope("v_t"), hiddenSize, 1, hasBias: false));
        _output = new Linear(device, weights.Scope("b"), 2 * hiddenSize, embeddingSize, hasBias: false);
        RankWith(device.CreateCatalogue(items, null, new CatalogueOptions { ExcludedIds = [0] }));
    }

    /// <inheritdoc/>
    public override bool HasState => true;

    private int HiddenSize => _stack.Shape.HiddenSize;

    private int LayerStates => checked(_stack.Shape.StateCount * HiddenSize);

    /// <inheritdoc/>
    /// <remarks>h of every layer, then the top layer's h of every event.</remarks>
    public override int StateSize(int eventCount) => checked(LayerStates + (eventCount * HiddenSize));

    /// <inheritdoc/>
    protected internal override void Advance(ForwardPass pass, int eventCount, StateValues state)
    {
        Workspace workspace = pass.Workspace;
        using WorkspaceFrame frame = workspace.Frame();
        Ragged sessions = pass.Sequences(0, out Indices ids);
        var states = new RecurrentStates(workspace.Take(_stack.Shape.StateCount, HiddenSize), AreInitial: eventCount > 0);
        if (states.AreInitial)
            state[..LayerStates].CopyTo(Device, workspace, states.Hidden);
        Tensor h = workspace.Take(ids.Count, HiddenSize);
        Run(workspace, ids, sessions, states, h);
        state[..LayerStates].CopyFrom(Device, workspace, states.Hidden);
        state[StateSize(eventCount)..].CopyFrom(Device, workspace, h);
    }

    /// <inheritdoc/>
    protected override void EncodeState(ForwardPass pass, int eventCount, StateValues state, Tensor hidden)
    {
        Workspace workspace = pass.Workspace;
        using WorkspaceFrame frame = workspace.Frame();
        Ragged sessions = workspace.TakeRagged(1, eventCount);
        Tensor h = workspace.Take(eventCount, HiddenSize);
        if (eventCount > 0)
            state[LayerStates..].CopyTo(Device, workspace, h);
        Attend(workspace, h, sessions, hidden);
    }

    /// <inheritdoc/>
    protected override void Encode(ForwardPass pass, Tensor hidden)
    {
        Workspace workspace = pass.Workspace;
        using WorkspaceFrame frame = workspace.Frame();
        Ragged sessions = pass.Sequences(0, out Indices ids);
        var states = new RecurrentStates(workspace.Take(_stack.Shape.StateCount * sessions.Count, HiddenSize));
        Tensor h = workspace.Take(ids.Count, HiddenSize);
        Run(workspace, ids, sessions, states, h);
        Attend(workspace, h, sessions, hidden);
    }

    private void Run(Workspace workspace, Indices ids, Ragged sessions, RecurrentStates states, Tensor h)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor x = workspace.Take(ids.Count, _items.ColumnCount);
        Device.Embed(workspace, ids, _items, x);
        _stack.Forward(workspace, x, sessions, states, h);
    }

    /// <summary>hidden = b [c, h_last].</summary>
    private void Attend(Workspace workspace, Tensor h, Ragged sessions, Tensor hidden)
    {
        Tensor joined = workspace.Take(sessions.Count, 2 * HiddenSize);
        Tensor context = joined.Columns(0, HiddenSize);
        Tensor last = joined.Columns(HiddenSize, HiddenSize);
        Device.Pool(workspace, h, sessions, PoolKind.Last, last);
        _attention.Forward(workspace, h, last, sessions, context);
        _output.Forward(workspace, joined, hidden);
    }
}
