using System.Diagnostics;
using SeqInfer.Cli.Data;
using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer.Cli.Evaluation;

/// <summary>The best items for many users, in batches, with the time that each batch took.</summary>
internal sealed class Recommender : IDisposable
{
    private readonly SequenceModel _model;
    private readonly IdRows _histories;
    private readonly int _k;
    private readonly bool _excludeSeen;
    private readonly int[][] _chunks;
    private readonly OutputSet _output;
    private readonly ModelWorkspace _workspace;
    private readonly Batch _batch;

    /// <param name="model">The model.</param>
    /// <param name="histories">One for each user, oldest item first.</param>
    /// <param name="k">Items a user.</param>
    /// <param name="excludeSeen">Whether items of the history may come back.</param>
    /// <param name="batchRows">Users a request.</param>
    /// <exception cref="CliException">The model recommends nothing from a history.</exception>
    public Recommender(SequenceModel model, IdRows histories, int k, bool excludeSeen, int batchRows)
    {
        if (model.Signature.IndexOfInput(SequenceEncoder.ItemsInput) < 0 || model.Signature.IndexOfOutput(RankingHead.TopKOutput) < 0)
            throw new CliException($"{model.Path}: a model of type '{model.ModelType}' recommends nothing from a history; its inputs are {InputRows.Describe(model.Signature)}");
        _model = model;
        _histories = histories;
        _k = k;
        _excludeSeen = excludeSeen;
        _chunks = [.. Enumerable.Range(0, histories.RowCount).Chunk(batchRows)];
        _output = model.Signature.Select(RankingHead.TopKOutput);
        _batch = model.CreateBatch();
        _batch.TopK = k;
        int longest = model.Signature.Inputs[model.Signature.IndexOfInput(SequenceEncoder.ItemsInput)].MaxLength is int length and > 0 ? length : int.MaxValue;
        _workspace = model.CreateWorkspace(new BatchLimits
        {
            MaxBatch = batchRows,
            MaxEvents = Most(user => Math.Min(longest, histories.LengthOf(user))),
            MaxExclusions = excludeSeen ? Most(histories.LengthOf) : 0,
            MaxK = k,
            Outputs = _output,
        });
    }

    /// <summary>Time of each batch of the last run, in seconds: inference and selection.</summary>
    public List<double> BatchSeconds { get; } = [];

    /// <summary>Recommends for every user.</summary>
    public ScoredItem[][] Run(Action<int> done, CancellationToken cancellation = default)
    {
        BatchSeconds.Clear();
        ScoredItem[][] results = new ScoredItem[_histories.RowCount][];
        foreach (int[] chunk in _chunks)
        {
            cancellation.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            _batch.Clear();
            foreach (int user in chunk)
            {
                _batch.Ids(SequenceEncoder.ItemsInput).Add(_histories[user]);
                if (_excludeSeen)
                    _batch.Ids(RankingHead.ExcludeInput).Add(_histories[user]);
            }

            _model.Run(_batch, _workspace, _output);
            OutputView view = _workspace[RankingHead.TopKOutput];
            for (int place = 0; place < chunk.Length; place++)
                results[chunk[place]] = ItemsOf(view, place);
            BatchSeconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            done(chunk[^1] + 1);
        }

        return results;
    }

    public void Dispose() => _workspace.Dispose();

    private int Most(Func<int, int> length) => _chunks.Length == 0 ? 0 : checked((int)_chunks.Max(chunk => chunk.Sum(user => (long)length(user))));

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
