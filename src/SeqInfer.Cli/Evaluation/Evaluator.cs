using System.Diagnostics;
using SeqInfer.Cli.Data;
using SeqInfer.Ranking;

namespace SeqInfer.Cli.Evaluation;

/// <summary>Among which items the targets are to be found.</summary>
internal enum EvaluationMode
{
    /// <summary>All items.</summary>
    Full,

    /// <summary>The stored candidates, or drawn ones.</summary>
    Sampled,
}

/// <summary>How a model is evaluated.</summary>
/// <param name="Mode">Among which items the targets are to be found.</param>
/// <param name="ExcludeSeen">Whether items that the user has chosen before take part. Targets always do.</param>
/// <param name="BatchRows">Users a request.</param>
/// <param name="Negatives">How many candidates are drawn besides the target where none are stored.</param>
/// <param name="Seed">Seed of what is drawn.</param>
internal sealed record EvaluationOptions(
    EvaluationMode Mode = EvaluationMode.Full, bool ExcludeSeen = false, int BatchRows = 64, int Negatives = 100, int Seed = 42);

/// <summary>How an evaluation went.</summary>
/// <param name="Metrics">The ranks of every user's targets.</param>
/// <param name="Elapsed">Time for inference and ranking, without loading.</param>
internal sealed record EvaluationResult(RankingMetrics Metrics, TimeSpan Elapsed);

/// <summary>
/// Ranks every user's targets. An item with a target's score does not stand before it, as in the published evaluations; a target that the
/// model never ranks stands last.
/// </summary>
internal sealed class Evaluator
{
    private readonly EvaluationSet _set;
    private readonly EvaluationOptions _options;
    private readonly ItemScorer _scorer;
    private readonly IdRows? _candidates;

    /// <exception cref="CliException">The model cannot be evaluated on the set in this way.</exception>
    public Evaluator(SequenceModel model, EvaluationSet set, EvaluationOptions options)
    {
        _set = set;
        _options = options;
        if (options.ExcludeSeen && set.Known is null)
            throw new CliException($"{set.Name}: nothing is known of what users have chosen before; leave out --exclude-seen");
        var all = new ItemScorer(model, set.Inputs, null, options.BatchRows, set.Name);
        CheckItems(all, set.Targets);
        if (options.Mode == EvaluationMode.Full)
        {
            _scorer = all;
            return;
        }

        DrawsCandidates = set.Candidates is null;
        _candidates = set.Candidates ?? new NegativeSampler(options.Negatives, (ulong)options.Seed).Draw(set, all.FirstRanked, all.LastItem);
        CheckItems(all, _candidates);
        _scorer = new ItemScorer(model, set.Inputs, _candidates, options.BatchRows, set.Name);
    }

    /// <summary>True where the data set stores no candidates, so that they are drawn.</summary>
    public bool DrawsCandidates { get; }

    /// <summary>What each user's target is to be found among; null: all items.</summary>
    public IdRows? Candidates => _candidates;

    /// <summary>Runs the evaluation.</summary>
    /// <param name="done">Called with the number of users that are done.</param>
    /// <param name="cancellation">Stops it between two requests.</param>
    public EvaluationResult Run(Action<int> done, CancellationToken cancellation = default)
    {
        var metrics = new RankingMetrics();
        var clock = Stopwatch.StartNew();
        _scorer.Run(
            (user, scores) =>
            {
                metrics.Add(_candidates is null ? FullRanks(scores, user) : [SampledRank(scores, user)]);
                done(metrics.Count);
            },
            cancellation);
        return new EvaluationResult(metrics, clock.Elapsed);
    }

    private int[] FullRanks(double[] scores, int user)
    {
        ReadOnlySpan<int> targets = _set.Targets[user];
        int first = _scorer.FirstRanked;
        HashSet<int> removed = [];
        if (_options.ExcludeSeen)
        {
            foreach (int item in _set.SeenBy(user))
                _ = removed.Add(item - first);
            foreach (int target in targets)
                _ = removed.Remove(target - first);
        }

        int[] places = [.. removed];
        int[] ranks = new int[targets.Length];
        for (int i = 0; i < ranks.Length; i++)
            ranks[i] = targets[i] < first ? scores.Length : TargetRank.Of(scores, targets[i] - first, places);
        return ranks;
    }

    private int SampledRank(double[] scores, int user)
    {
        ReadOnlySpan<int> candidates = _candidates![user];
        if (!_options.ExcludeSeen)
            return TargetRank.Of(scores, 0);
        HashSet<int> seen = [.. _set.SeenBy(user)];
        List<int> removed = [];
        for (int i = 1; i < candidates.Length; i++)
        {
            if (seen.Contains(candidates[i]))
                removed.Add(i);
        }

        return TargetRank.Of(scores, 0, [.. removed]);
    }

    private void CheckItems(ItemScorer scorer, IdRows items)
    {
        for (int user = 0; user < items.RowCount; user++)
        {
            int bad = items[user].IndexOfAnyExceptInRange(scorer.FirstItem, scorer.LastItem);
            if (bad >= 0)
                throw new CliException($"{_set.Name}: user {user} has the item {items[user][bad]}, the model knows {scorer.FirstItem} .. {scorer.LastItem}");
        }
    }
}
