using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer;

public sealed partial class SequenceModel
{
    private const int HistoryWithoutMaximum = 200;

    private bool _disposed;

    private int LongestHistory =>
        Signature.Inputs.FirstOrDefault(input => input.Name == SequenceEncoder.ItemsInput) is { MaxLength: > 0 } items ? items.MaxLength : HistoryWithoutMaximum;

    /// <summary>The score of each candidate for one user.</summary>
    /// <param name="history">Item ids, oldest first.</param>
    /// <param name="candidates">Item ids.</param>
    /// <returns>One score a candidate, in their order.</returns>
    /// <exception cref="InputException">An id is not one of the model's, or the model takes no history.</exception>
    public float[] Score(ReadOnlySpan<int> history, ReadOnlySpan<int> candidates)
    {
        float[] scores = new float[candidates.Length];
        Score(history, candidates, scores);
        return scores;
    }

    /// <summary>The score of each candidate for one user, without allocating.</summary>
    /// <param name="history">Item ids, oldest first.</param>
    /// <param name="candidates">Item ids.</param>
    /// <param name="scores">Receives one score a candidate, in their order.</param>
    /// <exception cref="InputException">An id is not one of the model's, or the model takes no history.</exception>
    public void Score(ReadOnlySpan<int> history, ReadOnlySpan<int> candidates, Span<float> scores)
    {
        OutputSet outputs = Need(RankingHead.CandidateScoresOutput);
        ModelWorkspace workspace = _pool.Rent(new BatchLimits
        {
            MaxBatch = 1,
            MaxEvents = history.Length,
            MaxCandidates = candidates.Length,
            Outputs = outputs,
        });
        try
        {
            Batch batch = workspace.Scratch;
            batch.Clear();
            batch.Ids(SequenceEncoder.ItemsInput).Add(history);
            batch.Ids(RankingHead.CandidatesInput).Add(candidates);
            Run(batch, workspace, outputs);
            workspace[RankingHead.CandidateScoresOutput].CopyTo(scores);
        }
        finally
        {
            _pool.Return(workspace);
        }
    }

    /// <summary>The best items for one user.</summary>
    /// <param name="history">Item ids, oldest first.</param>
    /// <param name="k">How many.</param>
    /// <param name="exclude">Ids that must not come back, such as those the user has seen; ids the model does not know have no effect.</param>
    /// <returns>Best first; fewer than <paramref name="k"/> where the catalogue holds no more. Equal scores: the lower id first.</returns>
    /// <exception cref="InputException">An id of the history is not one of the model's, or the model takes no history.</exception>
    public ScoredItem[] Recommend(ReadOnlySpan<int> history, int k, ReadOnlySpan<int> exclude = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ScoredItem[] items = new ScoredItem[Math.Min(k, CatalogueSize)];
        int count = items.Length == 0 ? 0 : Recommend(history, items, exclude);
        return count == items.Length ? items : items[..count];
    }

    /// <summary>The best items for one user, without allocating.</summary>
    /// <param name="history">Item ids, oldest first.</param>
    /// <param name="target">Receives the items, best first; its length is k.</param>
    /// <param name="exclude">Ids that must not come back.</param>
    /// <returns>How many items there are: fewer than k where the catalogue holds no more.</returns>
    /// <exception cref="InputException">An id of the history is not one of the model's, or the model takes no history.</exception>
    public int Recommend(ReadOnlySpan<int> history, Span<ScoredItem> target, ReadOnlySpan<int> exclude = default)
    {
        if (target.IsEmpty)
            return 0;
        OutputSet outputs = Need(RankingHead.TopKOutput);
        ModelWorkspace workspace = _pool.Rent(new BatchLimits
        {
            MaxBatch = 1,
            MaxEvents = history.Length,
            MaxExclusions = exclude.Length,
            MaxK = target.Length,
            Outputs = outputs,
        });
        try
        {
            Batch batch = workspace.Scratch;
            batch.Clear();
            batch.TopK = target.Length;
            batch.Ids(SequenceEncoder.ItemsInput).Add(history);
            batch.Ids(RankingHead.ExcludeInput).Add(exclude);
            Run(batch, workspace, outputs);
            return CopyTopK(workspace[RankingHead.TopKOutput], 0, target);
        }
        finally
        {
            _pool.Return(workspace);
        }
    }

    private int CatalogueSize =>
        Signature.IndexOfOutput(RankingHead.ScoresOutput) is int index and >= 0 ? Signature.Outputs[index].Width : int.MaxValue;

    /// <summary>Copies one row of a top-K output.</summary>
    /// <returns>How many items the row has.</returns>
    internal static int CopyTopK(OutputView output, int row, Span<ScoredItem> target)
    {
        int k = output.ColumnCount;
        ReadOnlySpan<int> ids = output.Ids.Slice(row * k, k);
        Span<float> scores = k <= 256 ? stackalloc float[k] : new float[k];
        output.CopyRows(row, 1, scores);
        int count = 0;
        while (count < k && ids[count] >= 0)
        {
            target[count] = new ScoredItem(ids[count], scores[count]);
            count++;
        }

        return count;
    }

    private OutputSet Need(string output)
    {
        if (Signature.IndexOfInput(SequenceEncoder.ItemsInput) < 0 || Signature.IndexOfOutput(output) < 0)
            throw new InputException(SequenceEncoder.ItemsInput, $"a model of type '{ModelType}' ranks no items from a history; its inputs are {string.Join("; ", Signature.Inputs)}");
        return Signature.Select(output);
    }
}
