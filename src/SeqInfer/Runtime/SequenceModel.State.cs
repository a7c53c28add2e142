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
    /// <exception cref="InputException">The model takes no history, or more than an id for each event of it.</exception>
    /// <exception cref="NotSupportedException">The family's state grows with the window, so that only its newest events can count.</exception>
    public SequenceState CreateState(StateWindow window = StateWindow.NewestEvents)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        InputSpec? items = Signature.Inputs.FirstOrDefault(input => input.Name == SequenceEncoder.ItemsInput);
        if (items is not { Kind: InputKind.RaggedIds, Role: RaggedRole.Events })
            throw new InputException(SequenceEncoder.ItemsInput, $"a model of type '{ModelType}' takes no history, so there is no state to keep");
        if (Signature.Inputs.FirstOrDefault(input => input.IsRequired && input.ParallelTo == items.Name) is { } other)
            throw new InputException(other.Name, $"a model of type '{ModelType}' takes one beside each event, which a state does not keep");
        if (window == StateWindow.AllEvents && (!Model.HasState || Model.StateSize(1) != Model.StateSize(2)))
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
    /// <exception cref="InputException">The model needs more than a history: see <see cref="Run(SequenceState, Batch, ModelWorkspace, OutputSet)"/>.</exception>
    public int Recommend(SequenceState state, Span<ScoredItem> target, ReadOnlySpan<int> exclude = default)
    {
        CheckOwner(state);
        if (target.IsEmpty)
            return 0;
        OutputSet outputs = Need(RankingHead.TopKOutput);
        ModelWorkspace workspace = _pool.Rent(new BatchLimits
        {
            MaxEvents = state.IsIncremental ? 0 : state.History.Length,
            MaxExclusions = exclude.Length,
            MaxK = target.Length,
            Outputs = outputs,
        });
        try
        {
            Batch batch = workspace.Scratch;
            batch.Clear();
            batch.TopK = target.Length;
            batch.Ids(RankingHead.ExcludeInput).Add(exclude);
            Run(state, batch, workspace, outputs);
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
    /// <exception cref="InputException">
    /// A candidate is not one of the model's items, or the model needs more than a history and candidates, such as fields of the user: see
    /// <see cref="Run(SequenceState, Batch, ModelWorkspace, OutputSet)"/>.
    /// </exception>
    public void Score(SequenceState state, ReadOnlySpan<int> candidates, Span<float> scores)
    {
        CheckOwner(state);
        OutputSet outputs = Need(RankingHead.CandidateScoresOutput);
        ModelWorkspace workspace = _pool.Rent(new BatchLimits
        {
            MaxEvents = state.IsIncremental ? 0 : state.History.Length,
            MaxCandidates = candidates.Length,
            Outputs = outputs,
        });
        try
        {
            Batch batch = workspace.Scratch;
            batch.Clear();
            batch.Ids(RankingHead.CandidatesInput).Add(candidates);
            Run(state, batch, workspace, outputs);
            workspace[RankingHead.CandidateScoresOutput].CopyTo(scores);
        }
        finally
        {
            _pool.Return(workspace);
        }
    }

    /// <summary>
    /// Runs a request of one user, whose history the state stands for; the outputs are read from the workspace. For models that need more
    /// than a history, such as fields of the user, and for any output.
    /// </summary>
    /// <param name="state">The user, of this model.</param>
    /// <param name="request">One row of what the request brings beside the history; what its column "items" holds is replaced.</param>
    /// <param name="workspace">Made by this model; room for the window's events is needed too.</param>
    /// <param name="outputs">What to compute, see <see cref="ModelSignature.Select"/>; empty: the default output.</param>
    /// <exception cref="InputException">The request is not one that the model can answer, or has more than one row; nothing has been computed.</exception>
    /// <exception cref="Tensors.WorkspaceCapacityException">The request is larger than the workspace's limits.</exception>
    public void Run(SequenceState state, Batch request, ModelWorkspace workspace, OutputSet outputs = default)
    {
        CheckOwner(state);
        outputs = CheckArguments(request, workspace, outputs);
        IdColumn items = request.Ids(SequenceEncoder.ItemsInput);
        items.Clear();
        items.Add(state.IsIncremental ? default : state.History);
        if (request.Count > 1)
            throw new InputException(SequenceEncoder.ItemsInput, $"a state stands for one row, the request has {request.Count}");
        Begin(request, workspace, outputs);
        if (state.IsIncremental)
            Model.Forward(workspace.Pass, state.StateEvents, state.Values);
        else
            Model.Forward(workspace.Pass);
    }

    /// <summary>Takes events into the numbers of a state, which has room for them.</summary>
    internal void Advance(SequenceState state, ReadOnlySpan<int> ids, StateValues values)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int most = LongestHistory;
        int done = 0;
        while (done < ids.Length)
        {
            int count = Math.Min(ids.Length - done, most);
            ModelWorkspace workspace = _pool.Rent(new BatchLimits { MaxEvents = count });
            try
            {
                Batch batch = workspace.Scratch;
                batch.Clear();
                batch.Ids(SequenceEncoder.ItemsInput).Add(ids.Slice(done, count));
                workspace.Pass.Begin(batch, default);
                int before = state.StateEvents + done;
                Model.Advance(workspace.Pass, before, values[..Model.StateSize(before + count)]);
                done += count;
            }
            finally
            {
                _pool.Return(workspace);
            }
        }
    }

    private void CheckOwner(SequenceState state)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (state.Model != this)
            throw new ArgumentException("the state belongs to another model", nameof(state));
    }
}
