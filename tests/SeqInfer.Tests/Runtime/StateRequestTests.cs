using SeqInfer.Inputs;
using SeqInfer.Kernels.Attention;
using SeqInfer.Models;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Runtime;

/// <summary>Whatever a request brings beside the history, a state in the history's place gives every output the same bits.</summary>
public class StateRequestTests
{
    private const int LongWindow = (2 * AttentionKernel.KeyTile) + 30;

    private static readonly Lazy<Dictionary<string, bool>> HasState = new(FindCases);

    /// <summary>The cases whose model takes a history, and every device where the family goes on event by event.</summary>
    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach ((string name, bool hasState) in HasState.Value.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                foreach (string device in hasState ? TestDevices.Names : [TestDevices.BestCpu])
                    cases.Add(name, device);
            }

            return cases;
        }
    }

    /// <summary>Causal Transformers that go on event by event, on every device.</summary>
    public static TheoryData<string, string> LongCases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string name in new[] { "sasrec-recbole", "sasrec-right-padded-from-one", "sasrec-right-padded-ragged" })
            {
                foreach (string device in TestDevices.Names)
                    cases.Add(name, device);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_state_in_place_of_the_history_gives_the_same_bits(string name, string device)
    {
        using SequenceModel model = Goldens.Load(name, device);
        Compare(model, Longest(model) + 3, _ => 1);
    }

    [Theory]
    [MemberData(nameof(LongCases))]
    public void A_window_of_several_tiles_of_keys_gives_the_same_bits(string name, string device)
    {
        using var files = WeightFiles.Open(Goldens.Case(name));
        TensorInfo[] tensors = [.. files.Tensors.Select(Lengthen)];
        using SequenceModel model = SequenceModel.Create(
            ModelConfig.Load(Path.Combine(Goldens.Case(name), "config.json")),
            tensors,
            new LoadOptions { Device = device, ConfigOverrides = new Dictionary<string, string> { ["max_length"] = $"{LongWindow}" } });

        // Event by event where a tile begins, some dozens at a time in between.
        Compare(model, LongWindow, count => (count + 3) % AttentionKernel.KeyTile < 6 ? 1 : Math.Min(60, AttentionKernel.KeyTile - 3 - (count % AttentionKernel.KeyTile)));
    }

    [Fact]
    public void A_request_of_two_rows_or_of_less_than_the_model_needs_is_refused()
    {
        using SequenceModel model = Goldens.Load("dien-recbole-augru");
        using ModelWorkspace workspace = model.CreateWorkspace();
        SequenceState state = model.CreateState();
        state.Append(1, 2);
        Batch request = model.CreateBatch();
        RandomRequests.Fill(request, [RandomRequests.Create(model.Signature, new Random(1)), RandomRequests.Create(model.Signature, new Random(2))]);
        InputException two = Assert.Throws<InputException>(() => model.Run(state, request, workspace));
        Assert.Contains("2", two.Message, StringComparison.Ordinal);
        string field = model.Signature.Inputs[2].Name;
        Assert.Equal(field, Assert.Throws<InputException>(() => model.Score(state, [1])).Input);
        using SequenceModel other = Goldens.Load("dien-recbole-agru");
        Assert.Throws<ArgumentException>(() => other.Run(state, request, workspace));
        Assert.Throws<ArgumentException>(() => model.Run(state, other.CreateBatch(), workspace));
    }

    [Fact]
    public void A_ranker_is_asked_with_a_state_without_allocating()
    {
        using SequenceModel model = Goldens.Load("dien-recbole-augru");
        using ModelWorkspace workspace = model.CreateWorkspace(maxEvents: 64);
        SequenceState state = model.CreateState();
        Batch request = model.CreateBatch();
        var row = RandomRequests.Create(model.Signature, new Random(3));
        int[] events = Events(model, Longest(model) + 2);
        float[] scores = new float[row.Ids[1]!.Length];
        Assert.NotEmpty(scores);
        Ask();
        Assert.Equal(0, Allocation.Of(Ask));

        void Ask()
        {
            state.Clear();
            foreach (int id in events)
            {
                state.Append(id);
                request.Clear();
                row.AddTo(request);
                model.Run(state, request, workspace);
                workspace[0].CopyTo(scores);
            }
        }
    }

    [Theory]
    [InlineData("dien-recbole-augru")]
    [InlineData("dien-deepctr-gru")]
    [InlineData("caser-recbole")]
    public void A_restored_state_goes_on_as_the_saved_one(string name)
    {
        using SequenceModel model = Goldens.Load(name);
        using SequenceModel again = Goldens.Load(name);
        RandomRequests.Row row = RandomRequests.Create(model.Signature, new Random(4));
        for (int length = 0; length <= Longest(model) + 1; length++)
        {
            int[] events = Events(model, length + 1);
            SequenceState state = model.CreateState();
            state.Append(events.AsSpan(0, length));
            SequenceState restored = again.RestoreState(state.Save());
            Assert.Equal(Bits(model, state, row), Bits(again, restored, row));
            state.Append(events[length]);
            restored.Append(events[length]);
            Assert.Equal(Bits(model, state, row), Bits(again, restored, row));
            Assert.Equal(state.Save(), restored.Save());
        }
    }

    /// <summary>Appends events, some at a time, and compares every output with that of the history so far.</summary>
    internal static void Compare(SequenceModel model, int length, Func<int, int> next)
    {
        RandomRequests.Row row = RandomRequests.Create(model.Signature, new Random(5));
        int[] events = Events(model, length);
        SequenceState state = model.CreateState();
        int count = 0;
        Assert.Equal(Bits(model, [], row), Bits(model, state, row));
        while (count < length)
        {
            int more = Math.Min(next(count), length - count);
            state.Append(events.AsSpan(count, more));
            count += more;
            Assert.Equal(Bits(model, events[..count], row), Bits(model, state, row));
        }
    }

    private static long[] Bits(SequenceModel model, SequenceState state, RandomRequests.Row row) =>
        Bits(model, row, (request, workspace) => model.Run(state, request, workspace, workspace.Limits.Outputs));

    private static long[] Bits(SequenceModel model, int[] history, RandomRequests.Row row) => Bits(model, row, (request, workspace) =>
    {
        IdColumn items = request.Ids(SequenceEncoder.ItemsInput);
        items.Clear();
        items.Add(history);
        model.Run(request, workspace, workspace.Limits.Outputs);
    });

    /// <summary>The values of all outputs, and the ids of those that have some.</summary>
    private static long[] Bits(SequenceModel model, RandomRequests.Row row, Action<Batch, ModelWorkspace> run)
    {
        using ModelWorkspace workspace = model.CreateWorkspace(
            SequenceModelTests.AllOutputs(model, 1) with { MaxEvents = Math.Max(64, Longest(model)) });
        Batch request = model.CreateBatch();
        request.TopK = 5;
        row.AddTo(request);
        run(request, workspace);
        List<long> bits = [];
        foreach (OutputSpec spec in model.Signature.Outputs)
        {
            OutputView output = workspace[spec.Name];
            double[] values = new double[output.ElementCount];
            output.CopyTo(values);
            bits.AddRange(values.Select(BitConverter.DoubleToInt64Bits));
            foreach (int id in output.Ids)
                bits.Add(id);
        }

        return [.. bits];
    }

    private static InputSpec Items(SequenceModel model) => model.Signature.Inputs[model.Signature.IndexOfInput(SequenceEncoder.ItemsInput)];

    private static int Longest(SequenceModel model) => Math.Max(5, Items(model).MaxLength);

    private static int[] Events(SequenceModel model, int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(Items(model).MinId, Items(model).MaxId + 1))];
    }

    private static TensorInfo Lengthen(TensorInfo tensor)
    {
        if (!tensor.Name.StartsWith("pos", StringComparison.Ordinal))
            return tensor;
        var random = new Random(6);
        var shape = new Shape(LongWindow + 1, (long)tensor.Shape[1]);
        return TensorInfo.FromValues(tensor.Name, shape, [.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => (float)random.NextDouble() - 0.5f)]);
    }

    /// <summary>The names, and whether the family goes on event by event.</summary>
    private static Dictionary<string, bool> FindCases()
    {
        Dictionary<string, bool> found = [];
        foreach (string name in Goldens.CaseNames)
        {
            using SequenceModel model = Goldens.Load(name);
            try
            {
                found.Add(name, model.CreateState().IsIncremental);
            }
            catch (InputException)
            {
                // Takes no history of ids alone.
            }
        }

        return found;
    }
}
