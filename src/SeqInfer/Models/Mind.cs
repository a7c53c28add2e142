using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// MIND: several interests of a user by dynamic routing between capsules (Li et al. 2019), and ComiRec's form of it, ComiRec-DR
/// (Cen et al. 2020). Names: "pytorch_comirec" (github.com/ShiningCosmos/pytorch_ComiRec, after github.com/THUDM/ComiRec).
/// </summary>
/// <remarks>
/// Where the routing's softmax goes over the slots of the window, its padding takes part, and the logits of padding never change. An
/// empty history has the interests 0. Appending an event changes the routing: there is no incremental mode.
/// </remarks>
public sealed class Mind : MultiInterestModel
{
    private const string RoutingInput = "routing_logits";

    // The reference's, below the root of the squash.
    private const float SquashEpsilon = 1e-9f;

    private readonly CapsuleMap _map;
    private readonly CapsuleRouting _routing;
    private readonly Linear? _relu;
    private readonly int _iterations;
    private readonly int _given;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public Mind(ModelConfig config, WeightScope weights, Device device)
        : this(config, weights, device, MultiInterestOptions.Read(config))
    {
    }

    private Mind(ModelConfig config, WeightScope weights, Device device, MultiInterestOptions options)
        : base(device, weights, options, RoutingInputs(config, options))
    {
        WeightScope capsules = weights.Scope("capsule_network");
        _iterations = config.Int("routing_iterations");
        _map = new CapsuleMap(device, capsules, options, config.Choice(
            "bilinear",
            ("shared", CapsuleSharing.Shared),
            ("per_interest", CapsuleSharing.PerInterest),
            ("per_slot_and_interest", CapsuleSharing.PerSlotAndInterest)));
        bool overSlots = config.Choice("routing_softmax", ("over_interests", false), ("over_slots", true));
        _routing = new CapsuleRouting(device, options, overSlots, ReadInitial(config, capsules, options));
        if (config.Bool("relu_layer"))
            _relu = new Linear(device, capsules.Scope("relu.0"), options.HiddenSize, options.HiddenSize, hasBias: false);
        else
            capsules.Ignore("relu.0.weight");
        _given = Signature.IndexOfInput(RoutingInput);
    }

    private enum InitialRouting
    {
        Zeros,
        Stored,
        Input,
    }

    /// <inheritdoc/>
    private protected override void Encode(ForwardPass pass, in InterestEvents events, Tensor interests)
    {
        Workspace workspace = pass.Workspace;
        CapsuleRouting.Places places = _routing.Locate(workspace, events);
        Indices users = Users(workspace, events.Sequences);
        Tensor projected = workspace.Take(events.Slots.Count, _map.OutputSize);
        _map.Forward(workspace, events, projected);

        Tensor logits = _routing.Start(workspace, events, places, _given < 0 ? null : (ValueColumn)pass.Batch[_given]);
        Tensor weights = workspace.Take(events.Slots.Count, Options.InterestCount);
        for (int iteration = 1; iteration <= _iterations; iteration++)
        {
            _routing.Softmax(workspace, logits, places, weights);
            for (int i = 0; i < Options.InterestCount; i++)
            {
                Tensor interest = Interest(interests, i);
                WeightedSum(Device, workspace, _map.Of(projected, i), weights.Columns(i, 1), events.Sequences, interest);
                Device.Squash(workspace, interest, SquashEpsilon, interest);
            }

            if (iteration < _iterations)
                Agree(workspace, projected, interests, users, places, logits);
        }

        if (_relu is not null)
            Rectify(workspace, interests);
    }

    private static InitialRouting ReadInitial(ModelConfig config) => config.Choice(
        "initial_routing", ("zeros", InitialRouting.Zeros), ("stored", InitialRouting.Stored), ("input", InitialRouting.Input));

    private static Parameter? ReadInitial(ModelConfig config, WeightScope capsules, MultiInterestOptions options) => ReadInitial(config) switch
    {
        InitialRouting.Zeros => Parameter.Zeros(RoutingInput, options.MaxLength, options.InterestCount),
        InitialRouting.Stored => capsules.Tensor(RoutingInput, 1, options.InterestCount, options.MaxLength)
            .Reshape(options.InterestCount, options.MaxLength)
            .Transpose(),
        _ => null,
    };

    private static InputSpec[] RoutingInputs(ModelConfig config, MultiInterestOptions options) => ReadInitial(config) == InitialRouting.Input
        ? [new InputSpec { Name = RoutingInput, Kind = InputKind.Values, Width = checked(options.InterestCount * options.MaxLength) }]
        : [];

    private static Indices Users(Workspace workspace, Ragged sequences)
    {
        Indices users = workspace.TakeIndices(sequences.RowCount);
        ReadOnlySpan<int> offsets = workspace.Span(sequences.Offsets);
        for (int user = 0; user < sequences.Count; user++)
            workspace.Span(users)[offsets[user]..offsets[user + 1]].Fill(user);
        return users;
    }

    private Tensor Interest(Tensor interests, int index) => interests.Columns(index * Options.HiddenSize, Options.HiddenSize);

    // b_jt += u_jt . v_j
    private void Agree(
        Workspace workspace, Tensor projected, Tensor interests, Indices users, in CapsuleRouting.Places places, Tensor logits)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor interest = workspace.Take(projected.RowCount, Options.HiddenSize);
        Tensor agreement = workspace.Take(projected.RowCount, Options.InterestCount);
        for (int i = 0; i < Options.InterestCount; i++)
        {
            Device.GatherRows(workspace, Interest(interests, i), users, interest);
            Device.RowDot(workspace, _map.Of(projected, i), interest, agreement.Columns(i, 1));
        }

        _routing.Add(workspace, agreement, places, logits);
    }

    private void Rectify(Workspace workspace, Tensor interests)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor copy = workspace.Take(interests.RowCount, interests.ColumnCount);
        Device.Apply(workspace, interests, Activation.None, copy);
        for (int i = 0; i < Options.InterestCount; i++)
            _relu!.Forward(workspace, Interest(copy, i), Interest(interests, i), ActivationKind.Relu);
    }
}
