using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models.Ctr;

/// <summary>
/// A click-through model that looks at a history from each candidate: inputs "items", "candidates" and the user's fields, outputs
/// "logits" (also called "candidate_scores") and "probabilities" for every candidate. What depends on the user alone is computed once a
/// row, item vectors once at load.
/// </summary>
public abstract class InterestRanker : Model
{
    private readonly InterestPlan _plan;
    private readonly MultiLayerPerceptron _deep;
    private readonly int _logits;
    private readonly int _scores;
    private readonly int _probabilities;
    private Table? _items;

    private protected InterestRanker(InterestPlan plan, ModelConfig config, WeightScope weights, Device device, string last)
        : base(device, plan.Signature)
    {
        _plan = plan;
        bool isRecBole = plan.Naming == CtrNaming.RecBole;
        int width = plan.Columns.Count;
        MlpOptions options = MlpOptions.Read(config);
        IReadOnlyList<DenseLayer> layers = MlpReader.Read(device, weights, plan.Naming, isRecBole ? "dnn_mlp_layers" : "dnn", width, options);
        WeightScope predict = weights.Scope(last);
        Parameter weight = predict.Matrix("weight", 1, options.OutputSize(width));
        Parameter bias = isRecBole ? predict.Vector("bias", 1) : weights.Vector("out.bias", 1);
        _deep = new MultiLayerPerceptron(device, [.. layers, new DenseLayer(weight, bias, ActivationLayer.None)], plan.Columns);
        _logits = Signature.IndexOfOutput(RankerPlan.LogitsOutput);
        _scores = Signature.IndexOfOutput(RankingHead.CandidateScoresOutput);
        _probabilities = Signature.IndexOfOutput(RankerPlan.ProbabilitiesOutput);
    }

    /// <inheritdoc/>
    public sealed override void Prepare() => _items = _plan.Items.CreateVectors();

    /// <inheritdoc/>
    public sealed override void Forward(ForwardPass pass)
    {
        Workspace workspace = pass.Workspace;
        Ragged events = pass.Sequences(0, out Indices items);
        Ragged candidates = pass.Sequences(1, out Indices ids);
        Tensor logits = pass.EmitNew(_logits, ids.Count, 1);
        pass.Emit(_scores, logits);
        Tensor probabilities = pass.Wants(_probabilities) ? pass.EmitNew(_probabilities, ids.Count, 1) : default;

        using WorkspaceFrame frame = workspace.Frame();
        Tensor vectors = workspace.Take(items.Count, _plan.Width);
        Device.Embed(workspace, items, _items!, vectors);
        Tensor own = workspace.Take(ids.Count, _plan.Columns.Own.Length);
        Tensor target = TakePart(workspace, own, InterestPart.Target);
        Tensor interest = TakePart(workspace, own, InterestPart.Interest);
        Device.Embed(workspace, ids, _items!, target);
        Attend(workspace, vectors, events, target, candidates, interest);
        if (_plan.StartOf(InterestPart.Product) is int start and >= 0)
            Device.Combine(workspace, interest, target, BinaryOperation.Multiply, own.Columns(start, _plan.Width));

        Tensor shared = workspace.Take(pass.Batch.Count, _plan.Columns.Shared.Length);
        int column = 0;
        foreach (FieldEncoder part in _plan.Users)
        {
            part.Forward(pass, shared.Columns(column, part.Layout.Width));
            column += part.Layout.Width;
        }

        Indices rowOf = CandidateRows.Take(workspace, candidates);
        _deep.Forward(workspace, new SplitRows(shared, own, rowOf), logits);
        if (pass.Wants(_probabilities))
            Device.Apply(workspace, logits, ActivationKind.Sigmoid, probabilities);
    }

    /// <summary>Computes the interest of every candidate.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="vectors">[events, width]: the item vectors of all histories.</param>
    /// <param name="events">Which events form a history.</param>
    /// <param name="targets">[candidates, width].</param>
    /// <param name="candidates">Which candidates belong to which history.</param>
    /// <param name="interest">[candidates, width]; 0 for an empty history.</param>
    private protected abstract void Attend(
        Workspace workspace, Tensor vectors, Ragged events, Tensor targets, Ragged candidates, Tensor interest);

    private Tensor TakePart(Workspace workspace, Tensor own, InterestPart part) => _plan.StartOf(part) is int start and >= 0
        ? own.Columns(start, _plan.Width)
        : workspace.Take(own.RowCount, _plan.Width);
}
