using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Runtime;

namespace SeqInfer;

public sealed partial class SequenceModel
{
    private readonly Lazy<byte[]> _fingerprint;

    /// <summary>
    /// The SHA-256 of configuration and weights: equal for equal models, wherever they lie. Reads every tensor when it is first asked for.
    /// </summary>
    public ReadOnlySpan<byte> Fingerprint => _fingerprint.Value;

    /// <summary>The state of a user without events.</summary>
    /// <param name="window">Which events count once there are more than the model looks at.</param>
    /// <exception cref="InputException">The model takes no history, or needs more than a history for each request.</exception>
    /// <exception cref="NotSupportedException">The family's state grows with the window, so that only its newest events can count.</exception>
    public SequenceState CreateState(StateWindow window = StateWindow.NewestEvents)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        InputSpec? items = Signature.Inputs.FirstOrDefault(input => input.Name == SequenceEncoder.ItemsInput);
        if (items is not { Kind: InputKind.RaggedIds })
            throw new InputException(SequenceEncoder.ItemsInput, $"a model of type '{ModelType}' takes no history, so there is no state to keep");
        if (Signature.Inputs.FirstOrDefault(input => input.IsRequired && input != items) is { } other)
            throw new InputException(other.Name, $"a model of type '{ModelType}' needs it for each request, which a state cannot give");
        if (window == StateWindow.AllEvents && (Model is not SequenceEncoder { HasState: true } encoder || encoder.StateSize(1) != encoder.StateSize(2)))
            throw new NotSupportedException($"a model of type '{ModelType}' keeps no state of one size: only the newest events can count");
        return new SequenceState(this, items, window);
    }

    /// <summary>The state that <see cref="SequenceState.Save"/> wrote.</summary>
    /// <exception cref="StateException">It was made by another model or version, or is damaged.</exception>
    public SequenceState RestoreState(ReadOnlySpan<byte> bytes) => StateFormat.Read(this, bytes);

    /// <summary>The best items for one user.</summary>
    /// <param name="state">The user, of this model.</param>
    /// <param name="k">How many.</param>
    /// <param name="exclude">Ids that must not come back, such as those the user has seen; ids the model does not know have no effect.</param>
    /// <returns>Best first; fewer than <paramref name="k"/> where the catalogue holds no more. Equal scores: the lower id first.</returns>
    public ScoredItem[] Recommend(SequenceState state, int k, ReadOnlySpan<int> exclude = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ScoredItem[] items = new ScoredItem[Math.Min(k, CatalogueSize)];
        int count = items.Length == 0 ? 0 : Recommend(state, items, exclude);
        return count == items.Length ? items : items[..count];
    }

    /// <summary>The best items for one user, without allocating.</summary>
    /// <param name="state">The user, of this model.</param>
    /// <param name="target">Receives the items, best first; its length is k.</param>
    /// <param name="exclude">Ids that must not come back.</param>
    /// <returns>How many items there are: fewer than k where the catalogue holds no more.</returns>
    public int Recommend(SequenceState state, Span<ScoredItem> target, ReadOnlySpan<int> exclude = default)
    {
        CheckOwner(state);
        if (!state.IsIncremental)
            return Recommend(state.History, target, exclude);
        if (target.IsEmpty)
            return 0;
        OutputSet outputs = Need(RankingHead.TopKOutput);
        ModelWorkspace workspace = _pool.Rent(new BatchLimits { MaxExclusions = exclude.Length, MaxK = target.Length, Outputs = outputs });
        try
        {
            Batch batch = Begin(workspace, default);
            batch.TopK = target.Length;
            batch.Ids(RankingHead.ExcludeInput).Add(exclude);
            Answer(state, workspace, outputs);
            return CopyTopK(workspace[RankingHead.TopKOutput], 0, target);
        }
        finally
        {
            _pool.Return(workspace);
        }
    }

    /// <summary>The score of each candidate for one user.</summary>
    /// <param name="state">The user, of this model.</param>
    /// <param name="candidates">Item ids.</param>
    /// <returns>One score a candidate, in their order.</returns>
    /// <exception cref="InputException">A candidate is not one of the model's items.</exception>
    public float[] Score(SequenceState state, ReadOnlySpan<int> candidates)
    {
        float[] scores = new float[candidates.Length];
        Score(state, candidates, scores);
        return scores;
    }

    /// <summary>The score of each candidate for one user, without allocating.</summary>
    /// <param name="state">The user, of this model.</param>
    /// <param name="candidates">Item ids.</param>
    /// <param name="scores">Receives one score a candidate, in their order.</param>
    /// <exception cref="InputException">A candidate is not one of the model's items.</exception>
    public void Score(SequenceState state, ReadOnlySpan<int> candidates, Span<float> scores)
    {
        CheckOwner(state);
        if (!state.IsIncremental)
        {
            Score(state.History, candidates, scores);
            return;
        }

        OutputSet outputs = Need(RankingHead.CandidateScoresOutput);
        ModelWorkspace workspace = _pool.Rent(new BatchLimits { MaxCandidates = candidates.Length, Outputs = outputs });
        try
        {
            Begin(workspace, default).Ids(RankingHead.CandidatesInput).Add(candidates);
            Answer(state, workspace, outputs);
            workspace[RankingHead.CandidateScoresOutput].CopyTo(scores);
        }
        finally
        {
            _pool.Return(workspace);
        }
    }

    /// <summary>Takes events into the numbers of a state, which has room for them.</summary>
    internal void Advance(SequenceState state, ReadOnlySpan<int> ids, Span<double> values)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int most = state.Encoder!.Signature.Inputs[0].MaxLength;
        int done = 0;
        while (done < ids.Length)
        {
            int count = Math.Min(ids.Length - done, most > 0 ? most : HistoryWithoutMaximum);
            ModelWorkspace workspace = _pool.Rent(new BatchLimits { MaxEvents = count, Outputs = Signature.Select(SequenceEncoder.HiddenOutput) });
            try
            {
                workspace.Pass.Begin(Begin(workspace, ids.Slice(done, count)), default);
                int before = state.StateEvents + done;
                state.Encoder.Advance(workspace.Pass, before, values[..state.Encoder.StateSize(before + count)]);
                done += count;
            }
            finally
            {
                _pool.Return(workspace);
            }
        }
    }

    private static Batch Begin(ModelWorkspace workspace, ReadOnlySpan<int> events)
    {
        Batch batch = workspace.Scratch;
        batch.Clear();
        batch.Ids(SequenceEncoder.ItemsInput).Add(events);
        return batch;
    }

    private void Answer(SequenceState state, ModelWorkspace workspace, OutputSet outputs)
    {
        RequestChecks.Check(workspace.Scratch, workspace.Limits, outputs, Options.LongHistory);
        workspace.Pass.Begin(workspace.Scratch, outputs);
        state.Encoder!.Forward(workspace.Pass, state.StateEvents, state.Values);
    }

    private void CheckOwner(SequenceState state)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (state.Model != this)
            throw new ArgumentException("the state belongs to another model", nameof(state));
    }
}
