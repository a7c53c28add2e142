using SeqInfer.Devices;
using SeqInfer.Models.Ctr;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>Deep interest network (Zhou et al. 2018): interest = sum over the history of weight(target, event) * event.</summary>
/// <remarks>A user's state is the history itself: an event is one row of a table until a candidate looks at it.</remarks>
public sealed class Din : InterestRanker
{
    private readonly TargetAttention _attention;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public Din(ModelConfig config, WeightScope weights, Device device)
        : this(
            new InterestPlan(config, weights, device, [InterestPart.Interest, InterestPart.Target, InterestPart.Product]), config, weights, device)
    {
    }

    private Din(InterestPlan plan, ModelConfig config, WeightScope weights, Device device)
        : base(plan, config, weights, device, plan.Naming == CtrNaming.RecBole ? "dnn_predict_layers" : "dnn_linear") =>
        _attention = new TargetAttention(device, config, weights.Scope("attention"), plan.Naming, plan.Width);

    /// <inheritdoc/>
    private protected override void Attend(
        Workspace workspace, Tensor rows, Ragged events, Tensor targets, Ragged candidates, Tensor interest) =>
        WeightedInterest.Forward(Device, _attention, workspace, rows, events, targets, candidates, interest);
}
