using System.Diagnostics;
using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Ranking;

namespace SeqInfer.Cli.Evaluation;

/// <summary>Among which items the target is to be found.</summary>
internal enum EvaluationMode
{
    /// <summary>All items.</summary>
    Full,

    /// <summary>The stored candidates.</summary>
    Sampled,
}

/// <summary>How a model is evaluated.</summary>
/// <param name="Mode">Among which items the target is to be found.</param>
/// <param name="ExcludeSeen">Whether items of the user's history take part. The target always does.</param>
/// <param name="BatchRows">Users a request.</param>
internal sealed record EvaluationOptions(EvaluationMode Mode = EvaluationMode.Full, bool ExcludeSeen = false, int BatchRows = 64);

/// <summary>How an evaluation went.</summary>
/// <param name="Metrics">The rank of every user's target.</param>
/// <param name="Elapsed">Time for inference and ranking, without loading.</param>
internal sealed record EvaluationResult(RankingMetrics Metrics, TimeSpan Elapsed);

/// <summary>Ranks every user's target. An item with the target's score does not stand before it, as in the published evaluations.</summary>
internal sealed class Evaluator
{
    // Scores of all items for a batch take at most this many values, so that a large catalogue means smaller batches, not more memory.
    private const int MaxScores = 1 << 24;

    private readonly SequenceModel _model;
    private readonly EvaluationSet _set;
    private readonly EvaluationOptions _options;
    private readonly string _output;
    private readonly int _firstItem;
    private readonly int _lastItem;

    /// <exception cref="CliException">The model cannot be evaluated on the set in this way.</exception>
    public Evaluator(SequenceModel model, EvaluationSet set, EvaluationOptions options)
    {
        _model = model;
        _set = set;
        _options = options;
        ModelSignature signature = model.Signature;
        if (signature.IndexOfInput(set.InputName) < 0)
            throw new CliException($"{set.Name} has the input '{set.InputName}', a model of type '{model.ModelType}' takes {string.Join("; ", signature.Inputs)}");
        if (options.Mode == EvaluationMode.Sampled && set.Candidates is null)
            throw new CliException($"{set.Name} has no candidates; use --mode full");
        OutputKind kind = options.Mode == EvaluationMode.Full ? OutputKind.PerRow : OutputKind.PerCandidate;
        _output = options.Mode == EvaluationMode.Full
            ? RankingHead.ScoresOutput
            : signature.Outputs.FirstOrDefault(output => output.Kind == kind)?.Name ?? RankingHead.CandidateScoresOutput;
        if (signature.IndexOfOutput(_output) < 0)
            throw new CliException($"a model of type '{model.ModelType}' has no output '{_output}', which --mode {options.Mode.ToString().ToLowerInvariant()} needs");
        int candidates = signature.IndexOfInput(RankingHead.CandidatesInput);
        int width = signature.Outputs[signature.IndexOfOutput(_output)].Width;
        _firstItem = candidates < 0 ? 0 : signature.Inputs[candidates].MinId;
        _lastItem = candidates < 0 ? width - 1 : signature.Inputs[candidates].MaxId;
        int bad = Array.FindIndex(set.Targets, item => item < _firstItem || item > _lastItem);
        if (bad >= 0)
            throw new CliException($"{set.Name}: user {bad} has the item {set.Targets[bad]}, the model knows {_firstItem} .. {_lastItem}");
    }

    /// <summary>Runs the evaluation.</summary>
    /// <param name="done">Called with the number of users that are done.</param>
    /// <param name="cancellation">Stops it between two requests.</param>
    public EvaluationResult Run(Action<int> done, CancellationToken cancellation = default)
    {
        int[][] chunks = [.. Enumerable.Range(0, _set.Count).Chunk(ChunkRows())];
        OutputSet outputs = _model.Signature.Select(_output);
        using ModelWorkspace workspace = _model.CreateWorkspace(Limits(chunks, outputs));
        Batch batch = _model.CreateBatch();
        var metrics = new RankingMetrics();
        double[] scores = [];
        var clock = Stopwatch.StartNew();
        foreach (int[] chunk in chunks)
        {
            cancellation.ThrowIfCancellationRequested();
            Fill(batch, chunk);
            _model.Run(batch, workspace, outputs);
            OutputView view = workspace[_output];
            Array.Resize(ref scores, (int)view.ElementCount);
            view.CopyTo(scores);
            for (int place = 0; place < chunk.Length; place++)
            {
                metrics.Add(_options.Mode == EvaluationMode.Full
                    ? FullRank(scores.AsSpan(place * view.ColumnCount, view.ColumnCount), chunk[place])
                    : SampledRank(scores.AsSpan(batch.Ids(RankingHead.CandidatesInput).Offsets[place]), chunk[place]));
            }

            done(metrics.Count);
        }

        return new EvaluationResult(metrics, clock.Elapsed);
    }

    private int FullRank(ReadOnlySpan<double> scores, int user)
    {
        ReadOnlySpan<double> items = scores[_firstItem..(_lastItem + 1)];
        if (!_options.ExcludeSeen)
            return TargetRank.Of(items, _set.Targets[user] - _firstItem);
        int[] seen = _set.Seen(user).ToArray();
        for (int i = 0; i < seen.Length; i++)
            seen[i] -= _firstItem;
        return TargetRank.Of(items, _set.Targets[user] - _firstItem, seen);
    }

    private int SampledRank(ReadOnlySpan<double> scores, int user)
    {
        ReadOnlySpan<int> candidates = _set.Candidates![user];
        scores = scores[..candidates.Length];
        if (!_options.ExcludeSeen)
            return TargetRank.Of(scores, 0);
        HashSet<int> seen = [.. _set.Seen(user)];
        List<int> removed = [];
        for (int i = 1; i < candidates.Length; i++)
        {
            if (seen.Contains(candidates[i]))
                removed.Add(i);
        }

        return TargetRank.Of(scores, 0, [.. removed]);
    }

    private void Fill(Batch batch, int[] users)
    {
        batch.Clear();
        foreach (int user in users)
        {
            batch.Ids(_set.InputName).Add(_set.Inputs[user]);
            if (_options.Mode == EvaluationMode.Sampled)
                batch.Ids(RankingHead.CandidatesInput).Add(_set.Candidates![user]);
        }
    }

    private int ChunkRows() => _options.Mode == EvaluationMode.Sampled
        ? _options.BatchRows
        : Math.Max(1, Math.Min(_options.BatchRows, MaxScores / (_lastItem + 1)));

    private BatchLimits Limits(int[][] chunks, OutputSet outputs)
    {
        int most = _model.Signature.Inputs[_model.Signature.IndexOfInput(_set.InputName)].MaxLength is int length and > 0 ? length : int.MaxValue;
        return new BatchLimits
        {
            MaxBatch = chunks.Max(chunk => chunk.Length),
            MaxEvents = checked((int)chunks.Max(chunk => chunk.Sum(user => (long)Math.Min(most, _set.Inputs.LengthOf(user))))),
            MaxCandidates = _options.Mode == EvaluationMode.Sampled ? chunks.Max(chunk => chunk.Sum(user => _set.Candidates!.LengthOf(user))) : 0,
            Outputs = outputs,
        };
    }
}
