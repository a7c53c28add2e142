using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// Policies of reinforcement learning over dense observations: actor-critic nets (A2C, PPO) and deep Q-networks. Names: "sb3"
/// (github.com/DLR-RM/stable-baselines3, MlpPolicy).
/// </summary>
/// <remarks>
/// Actions are rows of the last layer, so that the best ones are found as the best items of a catalogue: "top_k" is a slate whose first is the
/// greedy action, and "exclude" leaves out those that are not allowed. <see cref="Ranking.ActionSampler"/> draws from "probabilities" instead.
/// </remarks>
public sealed class PolicyModel : Model
{
    private readonly LinearStack? _shared;
    private readonly LinearStack? _policy;
    private readonly LinearStack? _value;
    private readonly RankingHead? _actions;
    private readonly Linear? _mean;
    private readonly Table? _logDeviation;
    private readonly int _scores;
    private readonly int _probabilities;
    private readonly int _logDeviationOutput;
    private readonly int _valueOutput;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public PolicyModel(ModelConfig config, WeightScope weights, Device device)
        : this(config, weights, device, ReadKind(config))
    {
    }

    private PolicyModel(ModelConfig config, WeightScope weights, Device device, Kind kind)
        : base(device, MakeSignature(kind, config.Int("observation_size"), config.Int("num_actions")))
    {
        config.Choice("naming", ("sb3", true));
        int width = config.Int("observation_size");
        int actions = config.Int("num_actions");
        Activation activation = config.Choice("activation", ActivationNames.All);
        _scores = Signature.IndexOfOutput(ScoresOf(kind));
        _probabilities = Signature.IndexOfOutput("probabilities");
        _logDeviationOutput = Signature.IndexOfOutput("action_log_std");
        _valueOutput = Signature.IndexOfOutput("value");
        if (kind == Kind.Dqn)
        {
            ImmutableArray<int> sizes = config.Ints("hidden_sizes");
            WeightScope net = weights.Scope("q_net.q_net");
            _policy = Stack(ReadLayers(device, net, width, sizes), activation);
            _actions = ReadActions(net.Scope($"{2 * sizes.Length}"), _policy?.OutputSize ?? width, actions, "q_values");
            weights.Scope("q_net_target").Ignore(_ => true);
            return;
        }

        WeightScope extractor = weights.Scope("mlp_extractor");
        _shared = Stack(ReadLayers(device, extractor.Scope("shared_net"), width, config.Ints("shared_hidden_sizes")), activation);
        width = _shared?.OutputSize ?? width;
        _policy = Stack(ReadLayers(device, extractor.Scope("policy_net"), width, config.Ints("policy_hidden_sizes")), activation);
        int actorWidth = _policy?.OutputSize ?? width;
        List<Linear> critic = ReadLayers(device, extractor.Scope("value_net"), width, config.Ints("value_hidden_sizes"));
        critic.Add(new Linear(device, weights.Scope("value_net"), critic.Count == 0 ? width : critic[^1].OutputSize, 1));
        _value = new LinearStack(critic, activation, default);
        if (kind == Kind.Discrete)
        {
            _actions = ReadActions(weights.Scope("action_net"), actorWidth, actions, "logits");
            return;
        }

        _mean = new Linear(device, weights.Scope("action_net"), actorWidth, actions);
        _logDeviation = device.CreateTable(weights.Vector("log_std", actions));
    }

    private enum Kind
    {
        Discrete,
        Continuous,
        Dqn,
    }

    /// <inheritdoc/>
    public override void Forward(ForwardPass pass)
    {
        Workspace workspace = pass.Workspace;
        int batch = pass.Batch.Count;
        var observations = (ValueColumn)pass.Batch[0];
        Tensor x = pass.Take(batch, observations.Spec.Width);
        Device.Write(workspace, observations.Values, x);
        x = Apply(workspace, _shared, x);
        if (pass.Wants(_valueOutput))
            _value!.Forward(workspace, x, pass.EmitNew(_valueOutput, batch, 1));

        Tensor policy = Apply(workspace, _policy, x);
        if (_actions is null)
            ForwardContinuous(pass, policy);
        else
            ForwardDiscrete(pass, policy);
    }

    private static Tensor Apply(Workspace workspace, LinearStack? layers, Tensor x)
    {
        if (layers is null)
            return x;
        Tensor y = workspace.Take(x.RowCount, layers.OutputSize);
        layers.Forward(workspace, x, y);
        return y;
    }

    private void ForwardDiscrete(ForwardPass pass, Tensor policy)
    {
        _actions!.Forward(pass, policy);
        if (!pass.Wants(_probabilities))
            return;
        Tensor probabilities = pass.EmitNew(_probabilities, policy.RowCount, Signature.Outputs[_probabilities].Width);
        _actions.Score(pass.Workspace, policy, probabilities);
        Device.Softmax(pass.Workspace, probabilities, probabilities);
    }

    private void ForwardContinuous(ForwardPass pass, Tensor policy)
    {
        if (pass.Wants(_scores))
            _mean!.Forward(pass.Workspace, policy, pass.EmitNew(_scores, policy.RowCount, _mean.OutputSize));
        if (!pass.Wants(_logDeviationOutput))
            return;
        Indices row = pass.Workspace.TakeIndices(policy.RowCount);
        pass.Workspace.Span(row).Clear();
        Device.Embed(pass.Workspace, row, _logDeviation!, pass.EmitNew(_logDeviationOutput, policy.RowCount, _logDeviation!.ColumnCount));
    }

    private RankingHead ReadActions(WeightScope layer, int width, int actions, string scores) => new(
        Device,
        Device.CreateCatalogue(layer.Matrix("weight", actions, width), layer.Vector("bias", actions), new CatalogueOptions()),
        default,
        Signature,
        scoresOutput: scores);

    /// <summary>The layers 0, 2, 4, ... of a torch.nn.Sequential with an activation after each.</summary>
    private static List<Linear> ReadLayers(Device device, WeightScope scope, int width, ImmutableArray<int> sizes)
    {
        var layers = new List<Linear>();
        foreach (int size in sizes)
        {
            layers.Add(new Linear(device, scope.Scope($"{2 * layers.Count}"), width, size));
            width = size;
        }

        return layers;
    }

    /// <summary>Layers with an activation after each; null where there are none.</summary>
    private static LinearStack? Stack(List<Linear> layers, Activation activation) =>
        layers.Count == 0 ? null : new LinearStack(layers, activation, activation);

    private static Kind ReadKind(ModelConfig config)
    {
        if (config.Choice("kind", ("actor_critic", false), ("dqn", true)))
            return Kind.Dqn;
        return config.Choice("action_space", ("discrete", Kind.Discrete), ("continuous", Kind.Continuous));
    }

    private static string ScoresOf(Kind kind) => kind switch
    {
        Kind.Discrete => "logits",
        Kind.Continuous => "action_mean",
        _ => "q_values",
    };

    private static ModelSignature MakeSignature(Kind kind, int observationSize, int actions)
    {
        InputSpec features = new() { Name = "features", Kind = InputKind.Values, Width = observationSize };
        OutputSpec scores = new() { Name = ScoresOf(kind), Kind = OutputKind.PerRow, Width = actions };
        OutputSpec value = new() { Name = "value", Kind = OutputKind.PerRow };
        if (kind == Kind.Continuous)
            return new ModelSignature([features], [scores, scores with { Name = "action_log_std" }, value]);
        OutputSpec slate = new() { Name = RankingHead.TopKOutput, Kind = OutputKind.TopK };
        InputSpec exclude = RankingHead.Inputs(0, actions - 1).Single(input => input.Name == RankingHead.ExcludeInput);
        scores = scores with { FirstItem = 0 };
        return kind == Kind.Dqn
            ? new ModelSignature([features, exclude], [scores, slate])
            : new ModelSignature([features, exclude], [scores, scores with { Name = "probabilities", FirstItem = null }, value, slate]);
    }
}
