using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Tensors;

namespace SeqInfer.Models.Ctr;

/// <summary>
/// A click-through model over fields: outputs "logits" and "probabilities", for every row, or, where the configuration names the item's
/// field, for every candidate of every row. What does not depend on the candidate is computed once a row.
/// </summary>
public abstract class FieldRanker : Model
{
    private readonly RankerPlan _plan;
    private readonly FactorizationTerms? _terms;
    private readonly int _logits;
    private readonly int _probabilities;
    private readonly int _candidates;
    private Table? _itemVectors;

    private protected FieldRanker(RankerPlan plan, Device device, bool hasPairs)
        : base(device, plan.Signature)
    {
        _plan = plan;
        _terms = plan.Weights is null ? null : new FactorizationTerms(device, plan, hasPairs);
        _logits = Signature.IndexOfOutput(RankerPlan.LogitsOutput);
        _probabilities = Signature.IndexOfOutput(RankerPlan.ProbabilitiesOutput);
        _candidates = Signature.IndexOfInput(RankingHead.CandidatesInput);
    }

    /// <inheritdoc/>
    public sealed override void Prepare()
    {
        _terms?.Prepare();
        if (_plan.Items is not null && _plan.Vectors is not null)
            _itemVectors = _plan.Items.CreateVectors();
    }

    /// <inheritdoc/>
    public sealed override void Forward(ForwardPass pass)
    {
        Workspace workspace = pass.Workspace;
        Ragged candidates = default;
        Indices ids = default;
        if (_plan.Items is not null)
            candidates = pass.Sequences(_candidates, out ids);
        int count = _plan.Items is null ? pass.Batch.Count : ids.Count;
        Tensor logits = pass.EmitNew(_logits, count, 1);
        Tensor probabilities = pass.Wants(_probabilities) ? pass.EmitNew(_probabilities, count, 1) : default;

        using WorkspaceFrame frame = workspace.Frame();
        int rows = pass.Batch.Count;
        Tensor vectors = workspace.Take(rows, _plan.Vectors is null ? 0 : _plan.Encoder.Layout.Width);
        Tensor weights = workspace.Take(rows, _plan.Weights is null ? 0 : _plan.Encoder.Layout.FirstOrderWidth);
        _plan.Encoder.Forward(pass, _plan.Vectors is null ? null : vectors, _plan.Weights is null ? null : weights);
        if (_plan.Items is null)
        {
            _terms?.Forward(workspace, vectors, weights, logits);
            Score(workspace, new SplitRows(vectors), logits);
        }
        else
        {
            Indices rowOf = CandidateRows.Take(workspace, candidates);
            _terms?.Forward(workspace, vectors, weights, ids, candidates, rowOf, logits);
            Tensor own = workspace.Take(count, _itemVectors?.ColumnCount ?? 0);
            if (_itemVectors is not null)
                Device.Embed(workspace, ids, _itemVectors, own);
            Score(workspace, new SplitRows(vectors, own, rowOf), logits);
        }

        if (pass.Wants(_probabilities))
            Device.Apply(workspace, logits, ActivationKind.Sigmoid, probabilities);
    }

    /// <summary>Adds what the family has beside the terms of a factorisation machine, or sets it where those are not used.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="x">The embedded fields, then the dense ones.</param>
    /// <param name="logits">[results, 1].</param>
    private protected abstract void Score(Workspace workspace, in SplitRows x, Tensor logits);

    /// <summary>What <see cref="Score"/> adds to; null where the logits are not set yet.</summary>
    private protected Tensor? Base(Tensor logits) => _terms is null ? null : logits;
}
