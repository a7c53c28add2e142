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
        Ranking ranking = Begin(pass);
        using WorkspaceFrame frame = pass.Workspace.Frame();
        Ragged events = pass.Sequences(0, out Indices items);
        Rank(pass, ranking, Extract(pass.Workspace, Vectors(pass.Workspace, items), events), events);
    }

    /// <inheritdoc/>
    protected internal sealed override void Forward(ForwardPass pass, int eventCount, StateValues state)
    {
        Ranking ranking = Begin(pass);
        using WorkspaceFrame frame = pass.Workspace.Frame();
        Tensor rows = pass.Workspace.Take(eventCount, _plan.Width);
        Restore(pass.Workspace, state, rows);
        Rank(pass, ranking, rows, pass.Workspace.TakeRagged(1, eventCount));
    }

    /// <summary>The vectors of items.</summary>
    private protected Tensor Vectors(Workspace workspace, Indices items)
    {
        Tensor vectors = workspace.Take(items.Count, _plan.Width);
        Device.Embed(workspace, items, _items!, vectors);
        return vectors;
    }

    /// <summary>Computes what candidates attend to, as far as it does not depend on them.</summary>
    /// <param name="workspace">Holds all windows; what is given is taken from it.</param>
    /// <param name="vectors">[events, width]: the item vectors of all histories.</param>
    /// <param name="events">Which events form a history.</param>
    /// <returns>[events, width].</returns>
    private protected virtual Tensor Extract(Workspace workspace, Tensor vectors, Ragged events) => vectors;

    /// <summary>Copies what candidates attend to from a user's state.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="state">The numbers of the state.</param>
    /// <param name="rows">[events, width].</param>
    private protected virtual void Restore(Workspace workspace, StateValues state, Tensor rows) =>
        throw new NotSupportedException($"{GetType().Name} keeps no state");

    /// <summary>Computes the interest of every candidate.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="rows">[events, width]: what <see cref="Extract"/> gave.</param>
    /// <param name="events">Which events form a history.</param>
    /// <param name="targets">[candidates, width].</param>
    /// <param name="candidates">Which candidates belong to which history.</param>
    /// <param name="interest">[candidates, width]; 0 for an empty history.</param>
    private protected abstract void Attend(
        Workspace workspace, Tensor rows, Ragged events, Tensor targets, Ragged candidates, Tensor interest);

    private Ranking Begin(ForwardPass pass)
    {
        Ragged candidates = pass.Sequences(1, out Indices ids);
        Tensor logits = pass.EmitNew(_logits, ids.Count, 1);
        pass.Emit(_scores, logits);
        return new Ranking(candidates, ids, logits, pass.Wants(_probabilities) ? pass.EmitNew(_probabilities, ids.Count, 1) : default);
    }

    private void Rank(ForwardPass pass, in Ranking ranking, Tensor rows, Ragged events)
    {
        Workspace workspace = pass.Workspace;
        Tensor own = workspace.Take(ranking.Ids.Count, _plan.Columns.Own.Length);
        Tensor target = TakePart(workspace, own, InterestPart.Target);
        Tensor interest = TakePart(workspace, own, InterestPart.Interest);
        Device.Embed(workspace, ranking.Ids, _items!, target);
        Attend(workspace, rows, events, target, ranking.Candidates, interest);
        if (_plan.StartOf(InterestPart.Product) is int start and >= 0)
            Device.Combine(workspace, interest, target, BinaryOperation.Multiply, own.Columns(start, _plan.Width));

        Tensor shared = workspace.Take(pass.Batch.Count, _plan.Columns.Shared.Length);
        int column = 0;
        foreach (FieldEncoder part in _plan.Users)
        {
            part.Forward(pass, shared.Columns(column, part.Layout.Width));
            column += part.Layout.Width;
        }

        Indices rowOf = CandidateRows.Take(workspace, ranking.Candidates);
        _deep.Forward(workspace, new SplitRows(shared, own, rowOf), ranking.Logits);
        if (pass.Wants(_probabilities))
            Device.Apply(workspace, ranking.Logits, ActivationKind.Sigmoid, ranking.Probabilities);
    }

    private Tensor TakePart(Workspace workspace, Tensor own, InterestPart part) => _plan.StartOf(part) is int start and >= 0
        ? own.Columns(start, _plan.Width)
        : workspace.Take(own.RowCount, _plan.Width);

    /// <summary>A request's candidates and where its results go.</summary>
    private readonly record struct Ranking(Ragged Candidates, Indices Ids, Tensor Logits, Tensor Probabilities);
}
