using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Tensors;

namespace SeqInfer.Models;

/// <summary>
/// From user vectors to scores of all items, scores of candidates and the best items: the inputs "candidates" and "exclude"
/// and the outputs "candidate_scores", "top_k" and "scores" of every family that ranks a catalogue.
/// </summary>
/// <param name="device">Where it runs.</param>
/// <param name="catalogue">Item vectors.</param>
/// <param name="activation">Applied to scores.</param>
/// <param name="signature">Where inputs and outputs stand; what it lacks is not given.</param>
/// <param name="firstScored">The first row of the catalogue that "scores" has a column for.</param>
/// <param name="scoresOutput">What the family calls "scores".</param>
public sealed class RankingHead(
    Device device,
    Catalogue catalogue,
    Activation activation,
    ModelSignature signature,
    int firstScored = 0,
    string scoresOutput = RankingHead.ScoresOutput)
{
    /// <summary>Input: ids to be scored, in any number for each row.</summary>
    public const string CandidatesInput = "candidates";

    /// <summary>Input: ids that top-K must not return.</summary>
    public const string ExcludeInput = "exclude";

    /// <summary>Output: one score for each candidate.</summary>
    public const string CandidateScoresOutput = "candidate_scores";

    /// <summary>Output: the best items.</summary>
    public const string TopKOutput = "top_k";

    /// <summary>Output: one score for each item.</summary>
    public const string ScoresOutput = "scores";

    private readonly int _candidates = signature.IndexOfInput(CandidatesInput);
    private readonly int _exclude = signature.IndexOfInput(ExcludeInput);
    private readonly int _candidateScores = signature.IndexOfOutput(CandidateScoresOutput);
    private readonly int _topK = signature.IndexOfOutput(TopKOutput);
    private readonly int _scores = signature.IndexOfOutput(scoresOutput);

    /// <summary>Its inputs, for ids <paramref name="firstId"/> .. <paramref name="lastId"/>.</summary>
    public static IEnumerable<InputSpec> Inputs(int firstId, int lastId) =>
    [
        new() { Name = CandidatesInput, Kind = InputKind.RaggedIds, MinId = firstId, MaxId = lastId, Role = RaggedRole.Candidates, IsRequired = false },
        new() { Name = ExcludeInput, Kind = InputKind.RaggedIds, MinId = int.MinValue, Role = RaggedRole.Exclusions, IsRequired = false },
    ];

    /// <summary>Its outputs, for a catalogue of <paramref name="items"/> rows.</summary>
    /// <param name="items">Rows.</param>
    /// <param name="scoresOutput">What the family calls "scores".</param>
    /// <param name="firstItem">The item of the first row.</param>
    /// <param name="firstRanked">The lowest item that is no padding.</param>
    public static IEnumerable<OutputSpec> Outputs(int items, string scoresOutput = ScoresOutput, int firstItem = 0, int firstRanked = 0) =>
    [
        new() { Name = CandidateScoresOutput, Kind = OutputKind.PerCandidate },
        new() { Name = TopKOutput, Kind = OutputKind.TopK },
        new() { Name = scoresOutput, Kind = OutputKind.PerRow, Width = items, IsOnDemand = true, FirstItem = firstItem, FirstRankedItem = firstRanked },
    ];

    /// <summary>Gives those of its outputs that the request wants.</summary>
    /// <param name="pass">The request.</param>
    /// <param name="users">[batch, columns of the catalogue].</param>
    public void Forward(ForwardPass pass, Tensor users)
    {
        Workspace workspace = pass.Workspace;
        if (Wants(pass, _candidateScores))
        {
            Ragged sequences = pass.Sequences(_candidates, out Indices ids);
            Tensor scores = pass.EmitNew(_candidateScores, sequences.RowCount, 1);
            device.ScoreCandidates(workspace, users, catalogue, ids, sequences, scores);
            Activate(workspace, scores);
        }

        if (Wants(pass, _topK))
            Select(pass, users);

        if (Wants(pass, _scores))
        {
            Tensor scores = pass.Take(users.RowCount, catalogue.RowCount);
            pass.Emit(_scores, scores.Columns(firstScored, catalogue.RowCount - firstScored));
            Score(workspace, users, scores);
        }
    }

    /// <summary>The score of every item.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="users">[batch, columns of the catalogue].</param>
    /// <param name="target">[batch, items].</param>
    public void Score(Workspace workspace, Tensor users, Tensor target)
    {
        device.Score(workspace, users, catalogue, target);
        Activate(workspace, target);
    }

    private static bool Wants(ForwardPass pass, int output) => output >= 0 && pass.Wants(output);

    // Selection sees the raw scores, because saturated activations would make ties of what is not equal; but not where an activation
    // changes their order.
    private bool SelectsRaw => activation.Kind is not (ActivationKind.Relu or ActivationKind.Gelu or ActivationKind.GeluTanh or ActivationKind.Silu);

    private void Select(ForwardPass pass, Tensor users)
    {
        int k = pass.Batch.TopK;
        bool hasExclusions = _exclude >= 0 && pass.Batch[_exclude].Count > 0;
        Indices excluded = default;
        Ragged? exclusions = hasExclusions ? pass.Sequences(_exclude, out excluded) : null;
        Indices ids = pass.Workspace.TakeIndices(checked(users.RowCount * k));
        Tensor scores = pass.Take(users.RowCount, k);
        pass.Emit(_topK, scores, ids);
        if (SelectsRaw)
        {
            device.TopK(pass.Workspace, users, catalogue, k, excluded, exclusions, ids, scores);
            Activate(pass.Workspace, scores);
            return;
        }

        using WorkspaceFrame frame = pass.Workspace.Frame();
        Tensor all = pass.Take(users.RowCount, catalogue.RowCount);
        device.Score(pass.Workspace, users, catalogue, all);
        Activate(pass.Workspace, all);
        device.SelectTopK(pass.Workspace, all, k, catalogue.Options.ExcludedIds, excluded, exclusions, ids, scores);
    }

    private void Activate(Workspace workspace, Tensor scores)
    {
        if (activation.Kind != ActivationKind.None)
            device.Apply(workspace, scores, activation, scores);
    }
}
