using SeqInfer.Cli.Data;
using SeqInfer.Inputs;

namespace SeqInfer.Cli.Verification;

/// <summary>One way over the rows of a case: outputs that the same requests can give, with at most one ranked list among them.</summary>
internal sealed class CasePass(SequenceModel model, InputRows inputs, TopKOutput? list, int batchRows)
{
    /// <summary>Runs the model over all rows that a check wants, and hands each check its results.</summary>
    public void Run(IReadOnlyList<OutputCheck> checks, CancellationToken cancellation)
    {
        TakeNodes([.. checks.Where(check => !check.IsOfBatch)]);
        checks = [.. checks.Where(check => check.IsOfBatch)];
        int[] rows = [.. checks.SelectMany(check => check.Rows).Distinct().Order()];
        int[][] chunks = [.. rows.Chunk(batchRows)];
        if (chunks.Length == 0)
            return;
        using ModelWorkspace workspace = model.CreateWorkspace(inputs.Limits(chunks) with
        {
            MaxK = list?.K ?? 0,
            Outputs = Select(checks),
        });
        Batch batch = model.CreateBatch();
        foreach (int[] chunk in chunks)
        {
            cancellation.ThrowIfCancellationRequested();
            Dictionary<int, int> places = chunk.Select((row, place) => (row, place)).ToDictionary(pair => pair.row, pair => pair.place);
            OutputCheck[] wanted = [.. checks.Where(check => check.Rows.Any(places.ContainsKey))];
            Fill(batch, chunk, list?.K ?? 1);
            model.Run(batch, workspace, Select(wanted));
            foreach (OutputCheck check in wanted)
                check.Take(workspace[check.Name], batch, places);
        }
    }

    /// <summary>The score right behind the list of one row; null where no item stands there.</summary>
    public double? ScoreBehind(int row)
    {
        int k = list!.K + 1;
        OutputSet output = model.Signature.Select(list.Output);
        using ModelWorkspace workspace = model.CreateWorkspace(inputs.Limits([[row]]) with { MaxK = k, Outputs = output });
        Batch batch = model.CreateBatch();
        Fill(batch, [row], k);
        model.Run(batch, workspace, output);
        OutputView view = workspace[list.Output];
        double[] scores = new double[view.ElementCount];
        view.CopyTo(scores);
        return view.Ids[^1] < 0 ? null : scores[^1];
    }

    // The rows of nodes do not depend on a request: an empty one gives them all.
    private void TakeNodes(OutputCheck[] checks)
    {
        if (checks.Length == 0)
            return;
        using ModelWorkspace workspace = model.CreateWorkspace(new BatchLimits { MaxBatch = 0, Outputs = Select(checks) });
        Batch batch = model.CreateBatch();
        model.Run(batch, workspace, Select(checks));
        foreach (OutputCheck check in checks)
            check.Take(workspace[check.Name], batch, check.Rows.Distinct().ToDictionary(row => row));
    }

    private void Fill(Batch batch, int[] rows, int k)
    {
        batch.Clear();
        batch.TopK = k;
        foreach (int row in rows)
            inputs.AddTo(batch, row);
    }

    private OutputSet Select(IEnumerable<OutputCheck> checks) => model.Signature.Select([.. checks.Select(check => check.Name)]);
}
