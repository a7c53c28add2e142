using System.Diagnostics;
using SeqInfer.Cli.Data;
using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer.Cli.Evaluation;

/// <summary>
/// The best items for many rows, in batches, with the time that each batch took. A model without ranked lists, which scores candidates, is
/// asked for all items.
/// </summary>
internal sealed class Recommender : IDisposable
{
    private readonly SequenceModel _model;
    private readonly InputRows? _rows;
    private readonly IdRows? _exclusions;
    private readonly int _k;
    private readonly int[][] _chunks;
    private readonly ItemScorer? _scorer;
    private readonly ModelWorkspace? _workspace;
    private readonly Batch _batch;

    /// <param name="model">The model.</param>
    /// <param name="inputs">Its inputs by name, a row for each that is to be recommended to.</param>
    /// <param name="exclusions">What must not come back, for each row; null: anything may.</param>
    /// <param name="k">Items a row.</param>
    /// <param name="batchRows">Rows a request.</param>
    /// <param name="origin">Where the inputs come from, for messages.</param>
    /// <exception cref="CliException">The model recommends nothing, or not from these inputs.</exception>
    public Recommender(SequenceModel model, IReadOnlyDictionary<string, RowSource> inputs, IdRows? exclusions, int k, int batchRows, string origin)
    {
        _model = model;
        _exclusions = exclusions;
        _k = k;
        _batch = model.CreateBatch();
        _batch.TopK = k;
        if (model.Signature.IndexOfOutput(RankingHead.TopKOutput) < 0)
        {
            _scorer = new ItemScorer(model, inputs, null, batchRows, origin);
            _chunks = [];
            return;
        }

        Dictionary<string, RowSource> bound = new(inputs, StringComparer.Ordinal);
        if (exclusions is not null)
            bound[RankingHead.ExcludeInput] = exclusions;
        _rows = InputRows.Bind(model.Signature, bound, origin);
        _chunks = [.. Enumerable.Range(0, _rows.RowCount).Chunk(batchRows)];
        if (_chunks.Length > 0)
            _workspace = model.CreateWorkspace(_rows.Limits(_chunks) with { MaxK = k, Outputs = model.Signature.Select(RankingHead.TopKOutput) });
    }

    /// <summary>Time of each batch of the last run, in seconds: inference and selection.</summary>
    public List<double> BatchSeconds { get; } = [];

    /// <summary>Recommends for every row.</summary>
    public ScoredItem[][] Run(Action<int> done, CancellationToken cancellation = default) =>
        _scorer is null ? Select(done, cancellation) : Rank(_scorer, done, cancellation);

    public void Dispose() => _workspace?.Dispose();

    private ScoredItem[][] Select(Action<int> done, CancellationToken cancellation)
    {
        BatchSeconds.Clear();
        ScoredItem[][] results = new ScoredItem[_rows!.RowCount][];
        OutputSet output = _model.Signature.Select(RankingHead.TopKOutput);
        foreach (int[] chunk in _chunks)
        {
            cancellation.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            _batch.Clear();
            foreach (int row in chunk)
                _rows.AddTo(_batch, row);
            _model.Run(_batch, _workspace!, output);
            OutputView view = _workspace![RankingHead.TopKOutput];
            for (int place = 0; place < chunk.Length; place++)
                results[chunk[place]] = ItemsOf(view, place);
            BatchSeconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            done(chunk[^1] + 1);
        }

        return results;
    }

    // As ranked lists are: higher scores first, then lower ids.
    private ScoredItem[][] Rank(ItemScorer scorer, Action<int> done, CancellationToken cancellation)
    {
        List<ScoredItem[]> results = [];
        scorer.Run(
            (row, scores) =>
            {
                HashSet<int> excluded = _exclusions is null ? [] : [.. _exclusions[row]];
                results.Add(
                [
                    .. scores.Select((score, i) => new ScoredItem(scorer.FirstRanked + i, (float)score))
                        .Where(item => !excluded.Contains(item.Id))
                        .OrderByDescending(item => item.Score)
                        .Take(_k),
                ]);
                done(results.Count);
            },
            cancellation);
        return [.. results];
    }

    private ScoredItem[] ItemsOf(OutputView view, int row)
    {
        ReadOnlySpan<int> ids = view.Ids.Slice(row * _k, _k);
        float[] scores = new float[_k];
        view.CopyRows(row, 1, scores);
        int count = ids.IndexOf(-1) is int end and >= 0 ? end : _k;
        ScoredItem[] items = new ScoredItem[count];
        for (int rank = 0; rank < count; rank++)
            items[rank] = new ScoredItem(ids[rank], scores[rank]);
        return items;
    }
}
