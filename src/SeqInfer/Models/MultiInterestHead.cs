using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Tensors;

namespace SeqInfer.Models;

/// <summary>
/// The inputs and outputs of <see cref="RankingHead"/> for users with several vectors: an item's score is its largest over them.
/// </summary>
/// <param name="device">Where it runs.</param>
/// <param name="catalogue">Item vectors.</param>
/// <param name="signature">Where inputs and outputs stand.</param>
internal sealed class MultiInterestHead(Device device, Catalogue catalogue, ModelSignature signature)
{
    private readonly int _candidates = signature.IndexOfInput(RankingHead.CandidatesInput);
    private readonly int _exclude = signature.IndexOfInput(RankingHead.ExcludeInput);
    private readonly int _candidateScores = signature.IndexOfOutput(RankingHead.CandidateScoresOutput);
    private readonly int _topK = signature.IndexOfOutput(RankingHead.TopKOutput);
    private readonly int _scores = signature.IndexOfOutput(RankingHead.ScoresOutput);

    /// <summary>Gives those of its outputs that the request wants.</summary>
    /// <param name="pass">The request.</param>
    /// <param name="interests">[batch, interests * columns of the catalogue]: the vectors of a user side by side.</param>
    public void Forward(ForwardPass pass, Tensor interests)
    {
        if (pass.Wants(_candidateScores))
            ScoreCandidates(pass, interests);
        if (pass.Wants(_topK))
            Select(pass, interests);
        if (pass.Wants(_scores))
            ScoreAll(pass, interests);
    }

    private int CountOf(Tensor interests) => interests.ColumnCount / catalogue.ColumnCount;

    private Tensor Interest(Tensor interests, int index) => interests.Columns(index * catalogue.ColumnCount, catalogue.ColumnCount);

    private void ScoreCandidates(ForwardPass pass, Tensor interests)
    {
        Workspace workspace = pass.Workspace;
        Ragged sequences = pass.Sequences(_candidates, out Indices ids);
        Tensor best = pass.EmitNew(_candidateScores, sequences.RowCount, 1);
        using WorkspaceFrame frame = workspace.Frame();
        Tensor other = workspace.Take(sequences.RowCount, 1);
        device.ScoreCandidates(workspace, Interest(interests, 0), catalogue, ids, sequences, best);
        for (int i = 1; i < CountOf(interests); i++)
        {
            device.ScoreCandidates(workspace, Interest(interests, i), catalogue, ids, sequences, other);
            device.Combine(workspace, best, other, BinaryOperation.Maximum, best);
        }
    }

    private void ScoreAll(ForwardPass pass, Tensor interests)
    {
        Workspace workspace = pass.Workspace;
        Tensor best = pass.EmitNew(_scores, interests.RowCount, catalogue.RowCount);
        using WorkspaceFrame frame = workspace.Frame();
        Tensor other = workspace.Take(best.RowCount, best.ColumnCount);
        device.Score(workspace, Interest(interests, 0), catalogue, best);
        for (int i = 1; i < CountOf(interests); i++)
        {
            device.Score(workspace, Interest(interests, i), catalogue, other);
            device.Combine(workspace, best, other, BinaryOperation.Maximum, best);
        }
    }

    // An item among the k best by its best interest is among the k best of that interest. One scan of the catalogue serves all of them.
    private void Select(ForwardPass pass, Tensor interests)
    {
        Workspace workspace = pass.Workspace;
        int batch = interests.RowCount;
        int count = CountOf(interests);
        int k = pass.Batch.TopK;
        Indices ids = workspace.TakeIndices(checked(batch * k));
        Tensor scores = pass.Take(batch, k);
        pass.Emit(_topK, scores, ids);

        using WorkspaceFrame frame = workspace.Frame();
        Tensor queries = workspace.Take(checked(count * batch), catalogue.ColumnCount);
        for (int i = 0; i < count; i++)
            device.Apply(workspace, Interest(interests, i), Activation.None, queries.Rows(i * batch, batch));
        Indices excluded = default;
        Ragged? exclusions = pass.Batch[_exclude].Count > 0 ? RepeatedExclusions(pass, count, out excluded) : null;
        Indices listIds = workspace.TakeIndices(checked(count * batch * k));
        Tensor listScores = workspace.Take(count * batch, k);
        device.TopK(workspace, queries, catalogue, k, excluded, exclusions, listIds, listScores);
        device.MergeTopK(workspace, count, listIds, listScores, ids, scores);
    }

    private Ragged RepeatedExclusions(ForwardPass pass, int count, out Indices excluded)
    {
        Workspace workspace = pass.Workspace;
        Ragged lists = pass.Sequences(_exclude, out Indices ids);
        Indices offsets = workspace.TakeIndices((count * lists.Count) + 1);
        excluded = workspace.TakeIndices(checked(count * ids.Count));
        workspace.Span(offsets)[0] = 0;
        for (int i = 0; i < count; i++)
        {
            workspace.Span(ids).CopyTo(workspace.Span(excluded)[(i * ids.Count)..]);
            for (int row = 1; row <= lists.Count; row++)
                workspace.Span(offsets)[(i * lists.Count) + row] = (i * ids.Count) + workspace.Span(lists.Offsets)[row];
        }

        return new Ragged(offsets, excluded.Count, lists.Longest);
    }
}
