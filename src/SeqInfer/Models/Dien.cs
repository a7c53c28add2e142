using SeqInfer.Devices;
using SeqInfer.Models.Ctr;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// Deep interest evolution network (Zhou et al. 2019): a GRU over the history, attention between the target and its states, and a second
/// GRU that the attention steers (aigru: weighs its input, agru: is its update gate, augru: scales its update gate), or that runs without
/// it and whose states are then weighed (gru).
/// </summary>
/// <remarks>
/// The first GRU does not depend on the target; nor does the second of "gru", nor the other variants' W_ih h_t, which is computed once an
/// event (aigru's weight is a factor of it). So a user's state goes on event by event as far as that: with the GRUs' states, which the second
/// stage runs over for every candidate.
/// </remarks>
public sealed class Dien : InterestRanker
{
    private readonly TargetAttention _attention;
    private readonly GruType _type;
    private readonly RecurrentWeights _extractor;
    private readonly LinearWeights? _input;
    private readonly RecurrentWeights _evolution;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public Dien(ModelConfig config, WeightScope weights, Device device)
        : this(
            new InterestPlan(config, weights, device, [InterestPart.Interest, InterestPart.Target, InterestPart.UserFields]), config, weights, device)
    {
    }

    private Dien(InterestPlan plan, ModelConfig config, WeightScope weights, Device device)
        : base(plan, config, weights, device, plan.Naming == CtrNaming.RecBole ? "dnn_predict_layer" : "linear")
    {
        int width = plan.Width;
        bool isRecBole = plan.Naming == CtrNaming.RecBole;
        _type = config.Choice(
            "gru_type", ("gru", GruType.Gru), ("aigru", GruType.InputGru), ("agru", GruType.AttentionGru), ("augru", GruType.UpdateGru));

        // RecBole's name is spelt like this.
        WeightScope extractor = weights.Scope(isRecBole ? "interset_extractor" : "interest_extractor");
        WeightScope evolution = weights.Scope("interest_evolution");
        extractor.Scope("auxiliary_net").Ignore(_ => true);
        _attention = new TargetAttention(device, config, evolution.Scope(isRecBole ? "attention_layer" : "attention"), plan.Naming, width);
        GruParameters first = new(extractor.Scope("gru"), "_l0", width);
        _extractor = first.CreateWhole(device);

        bool isPlain = _type is GruType.Gru or GruType.InputGru;
        WeightScope second = evolution.Scope(isRecBole ? "dynamic_rnn" : "interest_evolution");
        GruParameters following = new(isPlain ? second : second.Scope("rnn"), isPlain ? "_l0" : "", width);
        if (_type == GruType.Gru)
        {
            _evolution = following.CreateWhole(device);
            return;
        }

        _input = device.CreateLinear(following.WeightIh, null);
        _evolution = following.CreateProjected(device, _type switch
        {
            GruType.AttentionGru => RecurrentCell.AttentionGru,
            GruType.UpdateGru => RecurrentCell.AttentionalUpdateGru,
            _ => RecurrentCell.Gru,
        });
    }

    private enum GruType
    {
        Gru,
        InputGru,
        AttentionGru,
        UpdateGru,
    }

    /// <inheritdoc/>
    public override bool HasState => true;

    /// <inheritdoc/>
    /// <remarks>The first GRU's last state, then for every event the row that candidates attend to.</remarks>
    public override int StateSize(int eventCount) => checked((1 + eventCount) * _extractor.Spec.HiddenSize);

    /// <inheritdoc/>
    protected internal override void Advance(ForwardPass pass, int eventCount, StateValues state)
    {
        Workspace workspace = pass.Workspace;
        using WorkspaceFrame frame = workspace.Frame();
        Ragged events = pass.Sequences(0, out Indices items);
        int width = _extractor.Spec.HiddenSize;
        Tensor first = workspace.Take(1, width);
        Tensor second = workspace.Take(1, width);
        bool goesOn = eventCount > 0;
        if (goesOn)
        {
            state[..width].CopyTo(Device, workspace, first);
            state.Slice(eventCount * width, width).CopyTo(Device, workspace, second);
        }

        Tensor rows = Extract(workspace, Vectors(workspace, items), events, new RecurrentState(first), new RecurrentState(second), goesOn);
        state[..width].CopyFrom(Device, workspace, first);
        state[StateSize(eventCount)..].CopyFrom(Device, workspace, rows);
    }

    /// <inheritdoc/>
    private protected override void Restore(Workspace workspace, StateValues state, Tensor rows)
    {
        if (!rows.IsEmpty)
            state[_extractor.Spec.HiddenSize..].CopyTo(Device, workspace, rows);
    }

    /// <inheritdoc/>
    private protected override Tensor Extract(Workspace workspace, Tensor vectors, Ragged events) =>
        Extract(workspace, vectors, events, default, default, goesOn: false);

    /// <inheritdoc/>
    private protected override void Attend(
        Workspace workspace, Tensor rows, Ragged events, Tensor targets, Ragged candidates, Tensor interest)
    {
        using WorkspaceFrame frame = workspace.Frame();
        if (_type == GruType.Gru)
            WeightedInterest.Forward(Device, _attention, workspace, rows, events, targets, candidates, interest);
        else
            Evolve(workspace, rows, events, targets, candidates, interest);
    }

    /// <summary>The states of the first GRU, and where candidates look at those of the second, these.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="vectors">[events, width].</param>
    /// <param name="events">Which events form a history.</param>
    /// <param name="first">Receives the first GRU's last state.</param>
    /// <param name="second">Receives that of the second, where it does not wait for candidates.</param>
    /// <param name="goesOn">True where the last states are those of older events, to go on from.</param>
    /// <returns>[events, width].</returns>
    private Tensor Extract(Workspace workspace, Tensor vectors, Ragged events, RecurrentState first, RecurrentState second, bool goesOn)
    {
        Tensor states = workspace.Take(vectors.RowCount, vectors.ColumnCount);
        Device.Recurrent(workspace, vectors, _extractor, events, goesOn ? first : default, states, first);
        if (_type != GruType.Gru)
            return states;
        Tensor evolved = workspace.Take(states.RowCount, states.ColumnCount);
        Device.Recurrent(workspace, states, _evolution, events, goesOn ? second : default, evolved, second);
        return evolved;
    }

    private void Evolve(Workspace workspace, Tensor states, Ragged events, Tensor targets, Ragged candidates, Tensor interest)
    {
        TargetAttention.Projected query = new(targets, workspace.Take(targets.RowCount, _attention.FirstSize));
        TargetAttention.Projected key = new(states, workspace.Take(states.RowCount, _attention.FirstSize));
        Tensor inputs = workspace.Take(states.RowCount, _input!.OutputSize);
        _attention.ProjectTargets(workspace, targets, query.Part);
        _attention.ProjectKeys(workspace, states, key.Part);
        Device.Linear(workspace, states, _input, inputs);

        var chunks = new PairChunks(workspace, events, candidates);
        Tensor allWeights = workspace.Take(chunks.MaxPairs, 1);
        Tensor allSteps = workspace.Take(chunks.MaxPairs, _input.OutputSize);
        while (chunks.TryNext(out PairChunk pairs))
        {
            Tensor weights = allWeights.Rows(0, pairs.Count);
            Tensor steps = allSteps.Rows(0, pairs.Count);
            _attention.Weigh(workspace, pairs, query, key, weights);
            Device.GatherRows(workspace, inputs, pairs.Events, steps);
            bool isInput = _type == GruType.InputGru;
            if (isInput)
                Device.ScaleRows(workspace, steps, weights, steps);
            RecurrentState last = new(interest.Rows(pairs.FirstTarget, pairs.TargetCount));
            Device.Recurrent(workspace, steps, _evolution, pairs.Sequences, default, null, last, isInput ? null : weights);
        }
    }
}
