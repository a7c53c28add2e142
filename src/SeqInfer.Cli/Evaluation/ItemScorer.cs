using SeqInfer.Cli.Data;
using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer.Cli.Evaluation;

/// <summary>
/// Scores of items from whatever a model's signature declares: an output with a column an item, or one with a value a candidate, which is
/// then asked for the candidates of each row, or for all items.
/// </summary>
internal sealed class ItemScorer
{
    // Values of a request: a large catalogue means smaller batches, not more memory. A candidate passes a network, a column does not.
    private const int MostColumns = 1 << 24;
    private const int MostCandidates = 1 << 16;

    private readonly SequenceModel _model;
    private readonly InputRows _rows;
    private readonly IdRows? _candidates;
    private readonly OutputSpec _output;
    private readonly int _batchRows;

    /// <param name="model">The model.</param>
    /// <param name="inputs">Its inputs by name; those that it does not take are left out.</param>
    /// <param name="candidates">What is to be scored for each row; null: all items.</param>
    /// <param name="batchRows">Rows a request, at most.</param>
    /// <param name="origin">Where the inputs come from, for messages.</param>
    /// <exception cref="CliException">The model ranks no items, or an input is missing.</exception>
    public ItemScorer(SequenceModel model, IReadOnlyDictionary<string, RowSource> inputs, IdRows? candidates, int batchRows, string origin)
    {
        ModelSignature signature = model.Signature;
        if (!signature.Inputs.Any(input => inputs.ContainsKey(input.Name)))
            throw new CliException($"{origin} has the inputs {string.Join(", ", inputs.Keys)}, a model of type '{model.ModelType}' takes {InputRows.Describe(signature)}");
        _model = model;
        _candidates = candidates;
        _output = Find(signature, candidates is not null) ?? throw new CliException(
            $"{model.Path}: a model of type '{model.ModelType}' ranks no items; its outputs are {string.Join("; ", signature.Outputs)}");
        InputSpec? known = signature.Inputs.FirstOrDefault(input => input.Name == RankingHead.CandidatesInput);
        FirstItem = known?.MinId ?? _output.FirstItem ?? 0;
        FirstRanked = Math.Max(FirstItem, _output.FirstRankedItem);
        LastItem = known?.MaxId ?? (_output.FirstItem ?? 0) + _output.Width - 1;
        int count = inputs.First().Value.RowCount;
        Dictionary<string, RowSource> bound = new(inputs, StringComparer.Ordinal);
        if (IsPerCandidate)
            bound[RankingHead.CandidatesInput] = candidates ?? (RowSource)new AllItems(count, FirstRanked, LastItem);
        _rows = InputRows.Bind(signature, bound, origin);
        int most = IsPerCandidate
            ? MostCandidates / Math.Max(1, candidates is null ? LastItem - FirstRanked + 1 : 1)
            : MostColumns / _output.Width;
        _batchRows = Math.Clamp(most, 1, batchRows);
    }

    /// <summary>The lowest item the model knows.</summary>
    public int FirstItem { get; }

    /// <summary>The lowest item that is ranked among all.</summary>
    public int FirstRanked { get; }

    /// <summary>The highest item the model knows.</summary>
    public int LastItem { get; }

    private bool IsPerCandidate => _output.Kind == OutputKind.PerCandidate;

    /// <summary>Scores all rows, in their order.</summary>
    /// <param name="take">Gets a row and its scores: of its candidates, or of the items from the first ranked to the last.</param>
    /// <param name="cancellation">Stops it between two requests.</param>
    public void Run(Action<int, double[]> take, CancellationToken cancellation = default)
    {
        int[][] chunks = [.. Enumerable.Range(0, _rows.RowCount).Chunk(_batchRows)];
        if (chunks.Length == 0)
            return;
        OutputSet outputs = _model.Signature.Select(_output.Name);
        using ModelWorkspace workspace = _model.CreateWorkspace(_rows.Limits(chunks) with { Outputs = outputs });
        Batch batch = _model.CreateBatch();
        double[] all = [];
        foreach (int[] chunk in chunks)
        {
            cancellation.ThrowIfCancellationRequested();
            batch.Clear();
            foreach (int row in chunk)
                _rows.AddTo(batch, row);
            _model.Run(batch, workspace, outputs);
            OutputView view = workspace[_output.Name];
            Array.Resize(ref all, (int)view.ElementCount);
            view.CopyTo(all);
            for (int place = 0; place < chunk.Length; place++)
                take(chunk[place], Wanted(OutputRows.Of(all, _output, view.ColumnCount, batch, place), chunk[place]));
        }
    }

    private double[] Wanted(double[] scores, int row)
    {
        if (IsPerCandidate)
            return scores;
        int first = _output.FirstItem!.Value;
        return _candidates is null
            ? scores[(FirstRanked - first)..(LastItem - first + 1)]
            : [.. _candidates[row].ToArray().Select(item => scores[item - first])];
    }

    // All items are cheapest from columns, a few of them from candidates.
    private static OutputSpec? Find(ModelSignature signature, bool hasCandidates)
    {
        OutputSpec? columns = signature.Outputs.FirstOrDefault(output => output.Kind == OutputKind.PerRow && output.FirstItem is not null);
        OutputSpec? values = signature.IndexOfInput(RankingHead.CandidatesInput) < 0
            ? null
            : signature.Outputs.FirstOrDefault(output => output.Kind == OutputKind.PerCandidate);
        return hasCandidates ? values ?? columns : columns ?? values;
    }
}
