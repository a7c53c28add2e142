using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Runtime;

/// <summary>What the runtime promises of every family: no allocation, no dependence on the batch, no shared state between threads.</summary>
public class SequenceModelTests
{
    private const int BatchSize = 13;

    /// <summary>Every case, and one of each family with every other weight storage.</summary>
    public static TheoryData<string, WeightStorage> Cases
    {
        get
        {
            TheoryData<string, WeightStorage> data = [];
            foreach (string name in Goldens.CaseNames)
                data.Add(name, WeightStorage.Float32);
            foreach (string name in Goldens.OneCaseOfEachFamily)
            {
                data.Add(name, WeightStorage.BFloat16);
                data.Add(name, WeightStorage.Int8);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_batch_gives_bit_for_bit_what_each_row_alone_gives(string name, WeightStorage storage) =>
        CheckRowByRow(name, storage, BatchSize);

    [Theory]
    [InlineData("sasrec-query-norm-d50")]
    [InlineData("sasrec-pre-norm-gelu")]
    [InlineData("sasrec-right-padded-ragged")]
    [InlineData("recurrent-lstm-bidirectional-3-layers")]
    [InlineData("gru4rec-one-hot-2-layers")]
    public void A_batch_that_goes_through_in_several_runs_gives_bit_for_bit_what_each_row_alone_gives(string name)
    {
        CheckRowByRow(name, WeightStorage.Float32, batchSize: 700);
    }

    [Theory]
    [InlineData("cpu", 1, true)]
    [InlineData("cpu", BatchSize, false)]
    [InlineData("reference", 1, false)]
    public void An_output_without_gaps_is_read_in_place(string device, int batchSize, bool expected)
    {
        using var model = Goldens.Load("sasrec-query-norm-d50", device);
        using ModelWorkspace workspace = model.CreateWorkspace(AllOutputs(model, batchSize));
        Batch batch = model.CreateBatch();
        var random = new Random(7);
        RandomRequests.Fill(batch, [.. Enumerable.Range(0, batchSize).Select(_ => RandomRequests.Create(model.Signature, random))]);
        model.Run(batch, workspace, workspace.Limits.Outputs);
        OutputView view = workspace["hidden"];
        Assert.NotEqual(0, view.ColumnCount % 16);
        Assert.Equal(expected, view.TryGetValues(out ReadOnlySpan<float> values));
        float[] copy = new float[view.ElementCount];
        view.CopyTo(copy);
        Assert.Equal(expected ? copy : [], values.ToArray());
    }

    [Theory]
    [InlineData("sasrec-query-norm-d50")]
    [InlineData("sasrec-pre-norm-gelu")]
    [InlineData("sasrec-right-padded-ragged")]
    [InlineData("recurrent-lstm-bidirectional-3-layers")]
    public void The_workspace_holds_the_windows_of_one_run(string name)
    {
        const int batchSize = 700;
        using var model = Goldens.Load(name);
        using ModelWorkspace once = model.CreateWorkspace(AllOutputs(model, batchSize));
        using ModelWorkspace twice = model.CreateWorkspace(AllOutputs(model, 2 * batchSize));
        Assert.InRange(twice.ByteCount, once.ByteCount, once.ByteCount * 3 / 2);
    }

    private static void CheckRowByRow(string name, WeightStorage storage, int batchSize)
    {
        using var model = Goldens.Load(name, storage: storage);
        using ModelWorkspace many = model.CreateWorkspace(AllOutputs(model, batchSize));
        using ModelWorkspace one = model.CreateWorkspace(AllOutputs(model, 1));
        var random = new Random(7);
        RandomRequests.Row[] rows = [.. Enumerable.Range(0, batchSize).Select(_ => RandomRequests.Create(model.Signature, random))];
        Batch batch = model.CreateBatch();
        Batch single = model.CreateBatch();
        batch.TopK = single.TopK = 5;
        RandomRequests.Fill(batch, rows);
        model.Run(batch, many, many.Limits.Outputs);

        int candidates = 0;
        int events = 0;
        for (int row = 0; row < batchSize; row++)
        {
            RandomRequests.Fill(single, [rows[row]]);
            model.Run(single, one, one.Limits.Outputs);
            int own = 0;
            int ownEvents = 0;
            foreach (OutputSpec spec in model.Signature.Outputs)
            {
                OutputView expected = one[spec.Name];
                if (spec.Kind == OutputKind.PerNode)
                {
                    Assert.Equal(Bits(expected, 0, spec.NodeCount), Bits(many[spec.Name], 0, spec.NodeCount));
                    continue;
                }

                (int start, int count) = spec.Kind switch
                {
                    OutputKind.PerCandidate => (candidates, expected.RowCount),
                    OutputKind.PerEvent => (events, expected.RowCount),
                    _ => (row, 1),
                };
                own = spec.Kind == OutputKind.PerCandidate ? count : own;
                ownEvents = spec.Kind == OutputKind.PerEvent ? count : ownEvents;
                if (spec.Kind == OutputKind.PerLayer)
                {
                    for (int layer = 0; layer < spec.LayerCount; layer++)
                        Assert.Equal(Bits(expected, layer, 1), Bits(many[spec.Name], (layer * batchSize) + row, 1));
                    continue;
                }

                Assert.Equal(Bits(expected, 0, count), Bits(many[spec.Name], start, count));
                if (spec.Kind == OutputKind.TopK)
                    Assert.Equal(expected.Ids.ToArray(), many[spec.Name].Ids.Slice(row * 5, 5).ToArray());
            }

            candidates += own;
            events += ownEvents;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_request_allocates_nothing(string name, WeightStorage storage)
    {
        using var model = Goldens.Load(name, storage: storage);
        using ModelWorkspace workspace = model.CreateWorkspace(AllOutputs(model, BatchSize));
        var random = new Random(11);
        RandomRequests.Row[] rows = [.. Enumerable.Range(0, BatchSize).Select(_ => RandomRequests.Create(model.Signature, random))];
        Batch batch = model.CreateBatch();
        RandomRequests.Fill(batch, rows);
        float[] target = Request(model, workspace, batch, null);
        for (int i = 0; i < 3; i++)
            Refill(model, workspace, batch, rows, target);

        Assert.Equal(0, Allocation.Of(() => Refill(model, workspace, batch, rows, target)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Many_threads_get_what_one_thread_gets(string name, WeightStorage storage)
    {
        using var model = Goldens.Load(name, storage: storage);
        var random = new Random(13);
        RandomRequests.Row[] rows = [.. Enumerable.Range(0, BatchSize).Select(_ => RandomRequests.Create(model.Signature, random))];
        using ModelWorkspace own = model.CreateWorkspace(AllOutputs(model, BatchSize));
        Batch batch = model.CreateBatch();
        RandomRequests.Fill(batch, rows);
        float[] expected = Request(model, own, batch, null);

        Parallel.For(0, 8, _ =>
        {
            using ModelWorkspace workspace = model.CreateWorkspace(AllOutputs(model, BatchSize));
            Batch mine = model.CreateBatch();
            for (int i = 0; i < 5; i++)
            {
                RandomRequests.Fill(mine, rows);
                Assert.Equal(expected, Request(model, workspace, mine, null));
            }
        });
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_plan_of_a_workspace_is_large_enough_for_every_batch_within_its_limits(string name, WeightStorage storage)
    {
        using var model = Goldens.Load(name, storage: storage);
        var random = new Random(17);
        for (int trial = 0; trial < 20; trial++)
        {
            RandomRequests.Row[] rows = [.. Enumerable.Range(0, random.Next(0, 9)).Select(_ => RandomRequests.Create(model.Signature, random))];
            Batch batch = model.CreateBatch();
            batch.TopK = random.Next(1, 4);
            RandomRequests.Fill(batch, rows);
            using ModelWorkspace workspace = model.CreateWorkspace(ExactLimits(model, batch));
            model.Run(batch, workspace, workspace.Limits.Outputs);
        }
    }

    internal static BatchLimits AllOutputs(SequenceModel model, int batch) => new()
    {
        MaxBatch = batch,
        MaxEvents = batch * 64,
        MaxCandidates = batch * 16,
        MaxExclusions = batch * 16,
        MaxK = 10,
        Outputs = model.Signature.Select([.. model.Signature.Outputs.Select(output => output.Name)]),
    };

    private static BatchLimits ExactLimits(SequenceModel model, Batch batch)
    {
        var limits = new BatchLimits
        {
            MaxBatch = batch.Count,
            MaxK = batch.TopK,
            Outputs = model.Signature.Select([.. model.Signature.Outputs.Select(output => output.Name)]),
        };
        for (int i = 0; i < batch.Signature.Inputs.Length; i++)
        {
            if (batch[i] is not IdColumn { Spec.Kind: InputKind.RaggedIds } column)
                continue;
            int most = column.Spec.MaxLength > 0 ? column.Spec.MaxLength : int.MaxValue;
            int total = Enumerable.Range(0, column.Count).Sum(row => Math.Min(most, column[row].Length));
            limits = column.Spec.Role switch
            {
                RaggedRole.Events => limits with { MaxEvents = limits.MaxEvents + total },
                RaggedRole.Candidates => limits with { MaxCandidates = total },
                _ => limits with { MaxExclusions = total },
            };
        }

        return limits;
    }

    private static void Refill(SequenceModel model, ModelWorkspace workspace, Batch batch, RandomRequests.Row[] rows, float[] target)
    {
        batch.Clear();
        foreach (RandomRequests.Row row in rows)
            row.AddTo(batch);
        Request(model, workspace, batch, target);
    }

    private static float[] Request(SequenceModel model, ModelWorkspace workspace, Batch batch, float[]? target)
    {
        model.Run(batch, workspace, workspace.Limits.Outputs);
        if (target is null)
        {
            long count = 0;
            for (int i = 0; i < model.Signature.Outputs.Length; i++)
                count += workspace[i].ElementCount;
            target = new float[count];
        }

        int start = 0;
        for (int i = 0; i < model.Signature.Outputs.Length; i++)
        {
            OutputView view = workspace[i];
            view.CopyTo(target.AsSpan(start, (int)view.ElementCount));
            start += (int)view.ElementCount;
        }

        return target;
    }

    private static int[] Bits(OutputView view, int start, int count)
    {
        float[] values = new float[count * view.ColumnCount];
        view.CopyRows(start, count, values);
        return Array.ConvertAll(values, BitConverter.SingleToInt32Bits);
    }
}
