using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Runtime;

/// <summary>A state and the history it stands for give the same answers, to the last bit.</summary>
public class SequenceStateTests
{
    private const int K = 5;

    /// <summary>The cases whose model answers from a history alone.</summary>
    public static TheoryData<string> HistoryCases => [.. HasState.Value.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Those whose family goes on event by event.</summary>
    public static TheoryData<string> IncrementalCases => [.. HasState.Value.Where(pair => pair.Value).Select(pair => pair.Key).Order(StringComparer.Ordinal)];

    private static readonly Lazy<Dictionary<string, bool>> HasState = new(FindHistoryCases);

    [Theory]
    [MemberData(nameof(HistoryCases))]
    public void Every_event_gives_the_bits_of_the_whole_history(string name)
    {
        using var model = SequenceModel.Load(Goldens.Case(name));
        Compare(model, events => [.. events.Select(id => new[] { id })]);
    }

    [Theory]
    [MemberData(nameof(IncrementalCases))]
    public void Several_events_at_once_give_the_bits_of_the_whole_history(string name)
    {
        using var model = SequenceModel.Load(Goldens.Case(name));
        Compare(model, events => [.. events.Chunk(3)]);
    }

    [Theory]
    [InlineData("recurrent-lstm-2-layers-left")]
    [InlineData("gru4rec-recbole")]
    [InlineData("gru4rec-hidasib-one-hot-3-layers-bf16")]
    public void All_events_count_where_the_recurrence_goes_on(string name)
    {
        using var model = SequenceModel.Load(Goldens.Case(name));
        using var longer = SequenceModel.Load(
            Goldens.Case(name), new LoadOptions { ConfigOverrides = new Dictionary<string, string> { ["max_length"] = "500" } });
        SequenceState state = model.CreateState(StateWindow.AllEvents);
        int[] events = Events(model, 100);
        foreach (int id in events)
            state.Append(id);
        Assert.True(state.IsIncremental);
        Assert.Equal(Bits(longer.Recommend(events, K)), Bits(model.Recommend(state, K)));
        Assert.Equal(Bits(model.Recommend(state, K)), Bits(model.Recommend(model.RestoreState(state.Save()), K)));
    }

    [Theory]
    [MemberData(nameof(HistoryCases))]
    public void Append_and_recommend_allocate_nothing(string name)
    {
        using var model = SequenceModel.Load(Goldens.Case(name));
        SequenceState state = model.CreateState();
        int[] events = Events(model, 60);
        ScoredItem[] target = new ScoredItem[K];
        int[] candidates = events[..4];
        float[] scores = new float[candidates.Length];

        // The first time, memory grows to what the events need.
        Ask();
        Assert.Equal(0, Allocation.Of(Ask));

        void Ask()
        {
            state.Clear();
            foreach (int id in events)
            {
                state.Append(id);
                _ = model.Recommend(state, target, exclude: candidates);
                model.Score(state, candidates, scores);
            }
        }
    }

    [Theory]
    [MemberData(nameof(HistoryCases))]
    public void A_restored_state_goes_on_as_the_saved_one(string name)
    {
        using var model = SequenceModel.Load(Goldens.Case(name));
        using var again = SequenceModel.Load(Goldens.Case(name));
        int longest = Math.Max(model.Signature.Inputs[0].MaxLength, 5);
        for (int length = 0; length <= longest + 2; length++)
        {
            SequenceState state = model.CreateState();
            state.Append(Events(model, length));
            SequenceState restored = again.RestoreState(state.Save());
            Assert.Equal((state.EventCount, state.IsIncremental, state.Window), (restored.EventCount, restored.IsIncremental, restored.Window));
            foreach (int id in Events(model, 3))
            {
                Assert.Equal(Answer(model, state), Answer(again, restored));
                state.Append(id);
                restored.Append(id);
            }

            Assert.Equal(Answer(model, state), Answer(again, restored));
            Assert.Equal(state.Save(), restored.Save());
        }
    }

    [Theory]
    [InlineData("recurrent-lstm-2-layers-left")]
    [InlineData("sasrec-recbole")]
    public void A_state_goes_to_a_device_of_another_precision_and_back(string name)
    {
        using var model = SequenceModel.Load(Goldens.Case(name));
        using SequenceModel reference = Goldens.Load(name, "reference");
        SequenceState state = model.CreateState();
        state.Append(Events(model, 6));
        byte[] saved = state.Save();
        SequenceState exact = reference.RestoreState(saved);
        byte[] wider = exact.Save();
        Assert.True(wider.Length > saved.Length);
        Assert.Equal(Answer(model, state).Select(item => item.Id), Answer(reference, exact).Select(item => item.Id));
        Assert.Equal(saved, model.RestoreState(wider).Save());
    }

    [Fact]
    public void A_state_of_another_model_is_refused()
    {
        using var model = SequenceModel.Load(Goldens.Case("gru4rec-recbole"));
        using var other = SequenceModel.Load(Goldens.Case("gru4rec-recbole-bf16"));
        SequenceState state = model.CreateState();
        state.Append(1);
        StateException error = Assert.Throws<StateException>(() => other.RestoreState(state.Save()));
        Assert.Contains("another model", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => other.Recommend(state, K));
        Assert.Throws<ArgumentException>(() => other.Score(state, [1]));
    }

    [Fact]
    public void A_damaged_state_is_refused()
    {
        using var model = SequenceModel.Load(Goldens.Case("narm-recbole"));
        SequenceState state = model.CreateState();
        state.Append(1, 2, 3);
        byte[] saved = state.Save();
        for (int i = 0; i < saved.Length; i += 7)
        {
            byte[] damaged = [.. saved];
            damaged[i] ^= 0x10;
            Assert.Throws<StateException>(() => model.RestoreState(damaged));
            Assert.Throws<StateException>(() => model.RestoreState(saved.AsSpan(0, i)));
        }

        byte[] newer = [.. saved];
        newer[4]++;
        Assert.Contains("version 3, expected 2", Assert.Throws<StateException>(() => model.RestoreState(newer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_events_change_nothing()
    {
        using var model = SequenceModel.Load(Goldens.Case("gru4rec-recbole"), new LoadOptions { LongHistory = LongHistory.Reject });
        int longest = model.Signature.Inputs[0].MaxLength;
        SequenceState state = model.CreateState();
        state.Append(Events(model, longest - 1));
        byte[] before = state.Save();
        Assert.Contains("place 1: id 0", Assert.Throws<InputException>(() => state.Append(1, 0)).Message, StringComparison.Ordinal);
        Assert.Contains($"at most {longest}", Assert.Throws<InputException>(() => state.Append(1, 2)).Message, StringComparison.Ordinal);
        Assert.Equal(before, state.Save());
    }

    [Theory]
    [InlineData("autorec-ratings", "ratings")]
    [InlineData("policy-dqn", "items")]
    [InlineData("sequential-conv-text", "items")]
    public void A_model_without_a_history_of_ids_alone_has_no_state(string name, string input)
    {
        using var model = SequenceModel.Load(Goldens.Case(name));
        Assert.Equal(input, Assert.Throws<InputException>(() => model.CreateState()).Input);
    }

    [Theory]
    [InlineData("recurrent-lstm", true)]
    [InlineData("recurrent-lstm-bidirectional-3-layers", false)]
    [InlineData("gru4rec-one-hot-2-layers", true)]
    [InlineData("narm-recbole", true)]
    [InlineData("dien-recbole-augru", true)]
    [InlineData("dien-deepctr-gru", true)]
    [InlineData("din-recbole", false)]
    [InlineData("caser-recbole", false)]
    [InlineData("nextitnet-recbole", false)]
    [InlineData("srgnn-recbole", false)]
    [InlineData("bert4rec-recbole", false)]
    [InlineData("sasrec-recbole", true)]
    [InlineData("sasrec-right-padded-from-one", true)]
    [InlineData("sasrec-right-padded-ragged", true)]
    [InlineData("sasrec-recbole-pre-norm-left", false)]
    [InlineData("sasrec-query-norm-d50", false)]
    [InlineData("sasrec-gsasrec", false)]
    public void A_family_says_whether_an_event_is_one_step(string name, bool isIncremental)
    {
        using SequenceModel model = Goldens.Load(name);
        SequenceState state = model.CreateState();
        Assert.Equal(isIncremental, state.IsIncremental);
        state.Append(Events(model, model.Signature.Inputs[0].MaxLength));
        Assert.Equal(isIncremental, state.IsIncremental);
        bool hasOneSize = isIncremental && (name.StartsWith("recurrent", StringComparison.Ordinal) || name.StartsWith("gru4rec", StringComparison.Ordinal));
        if (!hasOneSize)
            Assert.Throws<NotSupportedException>(() => model.CreateState(StateWindow.AllEvents));
        if (model.Signature.Inputs[0].MaxLength == 0)
            return;
        state.Append(2);
        Assert.False(state.IsIncremental);
    }

    private static void Compare(SequenceModel model, Func<int[], int[][]> split)
    {
        int length = Math.Max(model.Signature.Inputs[0].MaxLength, 5) + 4;
        int[] events = Events(model, length);
        SequenceState state = model.CreateState();
        int count = 0;
        Check();
        foreach (int[] part in split(events))
        {
            state.Append(part);
            count += part.Length;
            Check();
        }

        Assert.Equal(length, state.EventCount);

        void Check()
        {
            int[] history = events[..count];
            int[] candidates = Events(model, 7);
            Assert.Equal(Bits(model.Recommend(history, K, exclude: candidates.AsSpan(0, 2))), Bits(model.Recommend(state, K, exclude: candidates.AsSpan(0, 2))));
            Assert.Equal(
                Array.ConvertAll(model.Score(history, candidates), BitConverter.SingleToInt32Bits),
                Array.ConvertAll(model.Score(state, candidates), BitConverter.SingleToInt32Bits));
        }
    }

    private static (int Id, int Score)[] Answer(SequenceModel model, SequenceState state) => Bits(model.Recommend(state, K));

    private static (int Id, int Score)[] Bits(ScoredItem[] items) =>
        Array.ConvertAll(items, item => (item.Id, BitConverter.SingleToInt32Bits(item.Score)));

    private static int[] Events(SequenceModel model, int count)
    {
        var random = new Random(count);
        InputSpec items = model.Signature.Inputs[model.Signature.IndexOfInput(RankingHead.CandidatesInput)];
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(items.MinId, items.MaxId + 1))];
    }

    /// <summary>The names, and whether the family goes on event by event.</summary>
    private static Dictionary<string, bool> FindHistoryCases()
    {
        Dictionary<string, bool> found = [];
        foreach (string name in Goldens.CaseNames)
        {
            try
            {
                using var model = SequenceModel.Load(Goldens.Case(name));
                if (model.Signature.IndexOfOutput(RankingHead.TopKOutput) >= 0
                    && model.Signature.IndexOfInput(SequenceEncoder.ItemsInput) >= 0
                    && model.Signature.Inputs.All(input => !input.IsRequired || input.Name == SequenceEncoder.ItemsInput))
                    found.Add(name, model.Model is SequenceEncoder { HasState: true });
            }
            catch (SeqInferException)
            {
                // Needs a graph or features to load, which no history model does; that every case loads is tested elsewhere.
            }
        }

        return found;
    }
}
