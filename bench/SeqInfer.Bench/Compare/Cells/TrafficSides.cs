using SeqInfer.Bench.Models;
using SeqInfer.Bench.OnnxRuntime;
using SeqInfer.Bench.Recording;
using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer.Bench.Compare.Cells;

/// <summary>Our side of traffic: a reused batch takes the histories as they are.</summary>
internal sealed class RaggedSide : IDisposable
{
    private readonly SequenceModel _model;
    private readonly ModelWorkspace _workspace;
    private readonly OutputSet _outputs;
    private readonly Batch _batch;
    private readonly float[] _values;
    private readonly string _output;

    public RaggedSide(SequenceModel model, BenchModel bench, int batch)
    {
        BatchLimits limits = bench.Limits(model.Signature, batch);
        _model = model;
        _workspace = model.CreateWorkspace(limits);
        _outputs = limits.Outputs;
        _batch = model.CreateBatch();
        _output = bench.Output;
        _values = new float[batch * model.Signature.Outputs[model.Signature.IndexOfOutput(bench.Output)].Width];
    }

    public ReadOnlySpan<float> Values => _values;

    public void Run(int[][] histories)
    {
        _batch.Clear();
        IdColumn items = _batch.Ids(SequenceEncoder.ItemsInput);
        foreach (int[] history in histories)
            items.Add(history);
        _model.Run(_batch, _workspace, _outputs);
        _workspace[_output].CopyTo(_values);
    }

    public void Dispose() => _workspace.Dispose();
}

/// <summary>Sessions for padded batches, one for each length, and buffers for each number of rows.</summary>
internal sealed class PaddedSessions(OrtEnvironment environment, BenchModel bench, int threads) : IDisposable
{
    private readonly Dictionary<int, (OrtSession Session, RecordedModel Model)> _sessions = [];
    private readonly Dictionary<(int Length, int Rows), OrtRun> _runs = [];

    /// <summary>Buffers for so many rows of so many places; made at the first call.</summary>
    public OrtRun Get(int length, int rows)
    {
        if (_runs.TryGetValue((length, rows), out OrtRun? run))
            return run;
        if (!_sessions.TryGetValue(length, out (OrtSession Session, RecordedModel Model) loaded))
        {
            RecordedModel model = (bench with { Length = length }).Record(2, new RecordingOptions { IsBatchSymbolic = true, IsPadded = true });
            _sessions[length] = loaded = (environment.CreateSession(model.Bytes, threads), model);
        }

        return _runs[(length, rows)] = new OrtRun(loaded.Session, loaded.Model, rows);
    }

    public void Dispose()
    {
        foreach (OrtRun run in _runs.Values)
            run.Dispose();
        foreach ((OrtSession session, _) in _sessions.Values)
            session.Dispose();
    }
}

/// <summary>ONNX Runtime with every batch padded to its own longest history.</summary>
internal sealed class PaddedSide : IDisposable
{
    private readonly PaddedSessions _sessions;
    private readonly string _output;
    private OrtRun? _last;

    public PaddedSide(OrtEnvironment environment, BenchModel bench, int[][][] requests, int threads)
    {
        _sessions = new PaddedSessions(environment, bench, threads);
        _output = bench.Output;
        foreach (int[][] request in requests)
            _ = _sessions.Get(Longest(request), request.Length);
    }

    public ReadOnlySpan<float> Values => _last!.Output(_output).Span<float>();

    public void Run(int[][] histories)
    {
        int length = Longest(histories);
        _last = _sessions.Get(length, histories.Length);
        for (int row = 0; row < histories.Length; row++)
            PaddedBatch.FillRow(_last, row, histories[row], length);
        _last.Run();
    }

    public void Dispose() => _sessions.Dispose();

    private static int Longest(int[][] histories)
    {
        int longest = 0;
        foreach (int[] history in histories)
            longest = Math.Max(longest, history.Length);
        return longest;
    }
}

/// <summary>ONNX Runtime with every batch split by length, each part padded to a fixed length.</summary>
internal sealed class BucketSide : IDisposable
{
    private static readonly int[] Edges = [4, 8, 12, 20, 32, int.MaxValue];

    private readonly PaddedSessions _sessions;
    private readonly int[] _lengths;
    private readonly List<int>[] _members;
    private readonly string _output;
    private readonly float[] _values;
    private readonly int _width;

    public BucketSide(OrtEnvironment environment, BenchModel bench, int[][][] requests, int threads)
    {
        _sessions = new PaddedSessions(environment, bench, threads);
        _output = bench.Output;
        _lengths = [.. Edges.Select(edge => Math.Min(edge, bench.Length)).Distinct()];
        int batch = requests[0].Length;
        _members = [.. _lengths.Select(_ => new List<int>(batch))];
        OrtTensor sample = _sessions.Get(_lengths[0], 1).Output(_output);
        _width = (int)sample.Shape[1];
        _values = new float[batch * _width];
        foreach (int[][] request in requests)
        {
            Sort(request);
            for (int bucket = 0; bucket < _lengths.Length; bucket++)
                _ = _sessions.Get(_lengths[bucket], Math.Max(1, _members[bucket].Count));
        }
    }

    public ReadOnlySpan<float> Values => _values;

    public void Run(int[][] histories)
    {
        Sort(histories);
        for (int bucket = 0; bucket < _lengths.Length; bucket++)
        {
            List<int> rows = _members[bucket];
            if (rows.Count == 0)
                continue;
            OrtRun run = _sessions.Get(_lengths[bucket], rows.Count);
            for (int i = 0; i < rows.Count; i++)
                PaddedBatch.FillRow(run, i, histories[rows[i]], _lengths[bucket]);
            run.Run();
            ReadOnlySpan<float> result = run.Output(_output).Span<float>();
            for (int i = 0; i < rows.Count; i++)
                result.Slice(i * _width, _width).CopyTo(_values.AsSpan(rows[i] * _width));
        }
    }

    public void Dispose() => _sessions.Dispose();

    private void Sort(int[][] histories)
    {
        foreach (List<int> members in _members)
            members.Clear();
        for (int row = 0; row < histories.Length; row++)
        {
            int bucket = 0;
            while (histories[row].Length > _lengths[bucket])
                bucket++;
            _members[bucket].Add(row);
        }
    }
}
