using SeqInfer.Bench.Compare;
using SeqInfer.Cli.Data;
using SeqInfer.Cli.Verification;
using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer.Bench.Families;

/// <summary>Times requests made of a case's rows, on the caller's thread.</summary>
internal static class FamilyTimer
{
    /// <summary>Rows of the large request.</summary>
    public const int ManyRows = 64;

    private const int K = 10;

    /// <summary>Measures the requests for one row and for many: the case's rows in their order, again from the first where there are fewer.</summary>
    public static FamilyTime Measure(string folder, string device, Schedule schedule)
    {
        CaseDefinition definition = CaseReader.Read(folder);
        using CaseTensors tensors = CaseTensors.Open(folder);
        using SequenceModel model = SequenceModel.Load(folder, new LoadOptions { Device = device, Data = CaseData.Read(definition, tensors) });
        InputRows rows = CaseBinder.Bind(definition, tensors, model.Signature, null);
        OutputSpec output = Choose(model.Signature, rows);
        if (output.Kind == OutputKind.PerNode)
        {
            using Request whole = new(model, rows, [], output);
            return new FamilyTime(definition.Name, output.Name, $"{output.NodeCount} nodes", Interleaved.Measure(schedule, whole.Run)[0], null);
        }

        int typical = Typical(model.Signature, rows);
        using Request one = new(model, rows, [typical], output);
        using Request many = new(model, rows, [.. Enumerable.Range(0, ManyRows).Select(i => i % rows.RowCount)], output);
        Timings[] times = Interleaved.Measure(schedule, one.Run, many.Run);
        return new FamilyTime(definition.Name, output.Name, Describe(model.Signature, rows, typical), times[0], times[1]);
    }

    // What a service asks: candidates where the case has some, else the best items, else the model's first output.
    private static OutputSpec Choose(ModelSignature signature, InputRows rows)
    {
        bool hasCandidates = rows[RankingHead.CandidatesInput] is not null;
        return signature.Outputs.FirstOrDefault(output => output.Kind == OutputKind.PerCandidate && hasCandidates)
            ?? signature.Outputs.FirstOrDefault(output => output.Kind == OutputKind.TopK)
            ?? signature.Outputs[0];
    }

    // The row of median size.
    private static int Typical(ModelSignature signature, InputRows rows) =>
        Enumerable.Range(0, rows.RowCount).OrderBy(row => Lengths(signature, rows, row).Sum(length => (long)length.Count)).ElementAt(rows.RowCount / 2);

    private static IEnumerable<(string Name, int Count)> Lengths(ModelSignature signature, InputRows rows, int row) =>
        signature.Inputs.Where(input => input.Kind == InputKind.RaggedIds && rows[input.Name] is not null)
            .Select(input => (input.Name, input.MaxLength > 0 ? Math.Min(input.MaxLength, rows[input.Name]!.LengthOf(row)) : rows[input.Name]!.LengthOf(row)));

    private static string Describe(ModelSignature signature, InputRows rows, int row) =>
        string.Join(", ", Lengths(signature, rows, row).Select(length => $"{length.Count} {length.Name}"));

    private sealed class Request : IDisposable
    {
        private readonly SequenceModel _model;
        private readonly ModelWorkspace _workspace;
        private readonly Batch _batch;
        private readonly OutputSet _outputs;

        public Request(SequenceModel model, InputRows rows, int[] chosen, OutputSpec output)
        {
            _model = model;
            _outputs = model.Signature.Select(output.Name);
            BatchLimits limits = chosen.Length == 0 ? new BatchLimits { MaxBatch = 0 } : rows.Limits([chosen]);
            _workspace = model.CreateWorkspace(limits with { MaxK = K, Outputs = _outputs });
            _batch = model.CreateBatch();
            _batch.TopK = K;
            foreach (int row in chosen)
                rows.AddTo(_batch, row);
        }

        public void Run() => _model.Run(_batch, _workspace, _outputs);

        public void Dispose() => _workspace.Dispose();
    }
}
