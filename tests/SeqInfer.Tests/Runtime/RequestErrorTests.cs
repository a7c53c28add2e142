using SeqInfer.Inputs;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Runtime;

/// <summary>What a request may not be, and the corners of what it may.</summary>
public sealed class RequestErrorTests : IDisposable
{
    private readonly SequenceModel _model = SequenceModel.Load(Goldens.Case("sasrec-query-norm-d50"));
    private readonly SequenceModel _dense = SequenceModel.Load(Goldens.Case("sequential-mlp"));

    private int ItemCount => _model.Signature.Inputs[0].MaxId;

    private int MaxLength => _model.Signature.Inputs[0].MaxLength;

    public void Dispose()
    {
        _model.Dispose();
        _dense.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void An_id_outside_the_catalogue_is_named(int id)
    {
        var error = Assert.Throws<InputException>(() => _model.Recommend([1, id], 3));
        Assert.Contains($"id {id} is outside 1 .. {ItemCount}", error.Message, StringComparison.Ordinal);
        Assert.Equal("items", error.Input);
        Assert.Throws<InputException>(() => _model.Score([1], [2, id]));
    }

    [Fact]
    public void A_long_history_keeps_its_newest_events()
    {
        int[] history = [.. Enumerable.Range(0, MaxLength + 7).Select(i => 1 + (i * 5 % ItemCount))];
        Assert.Equal(_model.Recommend(history.AsSpan(7), 5), _model.Recommend(history, 5));
    }

    [Fact]
    public void A_long_history_is_an_error_where_the_options_say_so()
    {
        using var strict = SequenceModel.Load(Goldens.Case("sasrec-query-norm-d50"), new LoadOptions { LongHistory = LongHistory.Reject });
        int[] history = [.. Enumerable.Repeat(1, MaxLength + 1)];
        var error = Assert.Throws<InputException>(() => strict.Recommend(history, 1));
        Assert.Contains($"row 0 has {MaxLength + 1} ids, the model takes at most {MaxLength}", error.Message, StringComparison.Ordinal);
        Assert.Single(strict.Recommend(history.AsSpan(1), 1));
    }

    [Fact]
    public void An_empty_history_has_recommendations()
    {
        ScoredItem[] items = _model.Recommend([], 5);
        Assert.Equal(5, items.Length);
        Assert.All(items, item => Assert.True(float.IsFinite(item.Score)));
    }

    [Fact]
    public void A_k_larger_than_the_catalogue_gives_the_whole_catalogue_in_order()
    {
        ScoredItem[] items = _model.Recommend([3, 1], 10 * ItemCount);
        Assert.Equal(Enumerable.Range(1, ItemCount), items.Select(item => item.Id).Order());
        Assert.Equal(items, items.OrderByDescending(item => item.Score).ThenBy(item => item.Id));
    }

    [Fact]
    public void Excluded_items_never_come_back_and_unknown_ones_are_ignored()
    {
        ScoredItem[] all = _model.Recommend([3, 1], ItemCount);
        int[] excluded = [all[0].Id, all[2].Id, all[0].Id, -5, int.MaxValue];
        ScoredItem[] rest = _model.Recommend([3, 1], ItemCount, excluded);
        Assert.Equal(all.Where(item => !excluded.Contains(item.Id)), rest);
        Assert.Empty(_model.Recommend([3], 4, [.. Enumerable.Range(1, ItemCount)]));
    }

    [Fact]
    public void Candidates_score_as_they_do_among_all_items()
    {
        Dictionary<int, float> all = _model.Recommend([9, 4, 2], ItemCount).ToDictionary(item => item.Id, item => item.Score);
        int[] candidates = [7, 1, 7, ItemCount];
        float[] scores = _model.Score([9, 4, 2], candidates);

        // The same sum in another order: 50 products of float precision.
        Assert.All(candidates.Zip(scores), pair => Assert.Equal(all[pair.First], pair.Second, 1e-4f));
        Assert.Empty(_model.Score([9], []));
    }

    [Fact]
    public void Wrong_widths_nan_and_uneven_columns_are_named()
    {
        Batch batch = _dense.CreateBatch();
        Assert.Contains("row 0 has 3 values, expected 64", Message(() => batch.Values("features").Add(1, 2, 3)), StringComparison.Ordinal);
        float[] row = new float[64];
        batch.Values("features").Add(row);
        row[5] = float.NaN;
        Assert.Contains("row 1, column 5 is NaN", Message(() => batch.Values("features").Add(row)), StringComparison.Ordinal);

        Batch uneven = _model.CreateBatch();
        uneven.Ids("items").Add(1);
        uneven.Ids("items").Add(2);
        uneven.Ids("candidates").Add(2);
        using ModelWorkspace workspace = _model.CreateWorkspace(maxBatch: 4);
        Assert.Contains("1 rows in a batch of 2", Message(() => _model.Run(uneven, workspace)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_beyond_the_limits_is_refused_and_the_workspace_still_serves()
    {
        using ModelWorkspace workspace = _model.CreateWorkspace(maxBatch: 2, maxEvents: 8, maxCandidates: 4, maxK: 3);
        Batch batch = _model.CreateBatch();
        for (int i = 0; i < 3; i++)
            batch.Ids("items").Add(1);
        Assert.Throws<WorkspaceCapacityException>(() => _model.Run(batch, workspace));
        batch.Clear();
        batch.Ids("items").Add(1, 2, 3, 4, 5);
        batch.Ids("items").Add(1, 2, 3, 4);
        Assert.Contains("9", Assert.Throws<WorkspaceCapacityException>(() => _model.Run(batch, workspace)).Message, StringComparison.Ordinal);
        batch.Clear();
        batch.Ids("items").Add(1, 2, 3, 4, 5);
        batch.TopK = 4;
        Assert.Throws<WorkspaceCapacityException>(() => _model.Run(batch, workspace, _model.Signature.Select("top_k")));
        batch.TopK = 3;
        AssertServed();

        void AssertServed()
        {
            _model.Run(batch, workspace, _model.Signature.Select("top_k"));
            Assert.Equal(_model.Recommend([1, 2, 3, 4, 5], 3).Select(item => item.Id), workspace["top_k"].Ids.ToArray());
        }
    }

    [Fact]
    public void Names_that_do_not_exist_list_those_that_do()
    {
        Assert.Contains("candidate_scores, top_k, scores, hidden", Assert.Throws<ArgumentException>(() => _model.Signature.Select("nothing")).Message, StringComparison.Ordinal);
        Assert.Contains("items, candidates, exclude", Assert.Throws<ArgumentException>(() => _model.CreateBatch().Ids("nothing")).Message, StringComparison.Ordinal);
        using ModelWorkspace workspace = _model.CreateWorkspace();
        Batch batch = _model.CreateBatch();
        batch.Ids("items").Add(1);
        _model.Run(batch, workspace, _model.Signature.Select("hidden"));
        Assert.Throws<ArgumentException>(() => workspace["top_k"]);
        Assert.Throws<ArgumentException>(() => _model.Run(batch, workspace, _model.Signature.Select("scores")));
        Assert.Contains("'sequential'", Message(() => _dense.Recommend([1], 2)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_belongs_to_another_model_is_refused()
    {
        using ModelWorkspace workspace = _dense.CreateWorkspace();
        Assert.Throws<ArgumentException>(() => _model.Run(_model.CreateBatch(), workspace));
        using ModelWorkspace own = _model.CreateWorkspace();
        Assert.Throws<ArgumentException>(() => _model.Run(_dense.CreateBatch(), own));
    }

    [Fact]
    public void A_disposed_model_serves_nobody()
    {
        var model = SequenceModel.Load(Goldens.Case("sequential-mlp"));
        ModelWorkspace workspace = model.CreateWorkspace();
        Batch batch = model.CreateBatch();
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Run(batch, workspace));
        workspace.Dispose();
    }

    [Fact]
    public void An_empty_batch_has_empty_outputs()
    {
        using ModelWorkspace workspace = _model.CreateWorkspace();
        _model.Run(_model.CreateBatch(), workspace, _model.Signature.Select("hidden", "top_k", "candidate_scores"));
        Assert.Equal(0, workspace["hidden"].RowCount);
        Assert.Equal(0, workspace["top_k"].Ids.Length);
        Assert.Equal(0, workspace["candidate_scores"].ElementCount);
    }

    [Fact]
    public void Pooled_requests_settle_and_then_allocate_nothing()
    {
        int[] history = [1, 2, 3];
        int[] seen = [4];
        float[] scores = new float[3];
        ScoredItem[] top = new ScoredItem[4];
        for (int i = 0; i < 5; i++)
            Ask();
        Assert.Equal(0, Allocation.Of(Ask));

        void Ask()
        {
            _model.Score(history, [5, 6, 7], scores);
            _ = _model.Recommend(history, top, seen);
        }
    }

    [Fact]
    public void Warming_up_changes_nothing()
    {
        ScoredItem[] before = _model.Recommend([2, 3], 4);
        _model.Warmup();
        using ModelWorkspace workspace = _dense.CreateWorkspace(maxBatch: 3);
        _dense.Warmup(workspace, iterations: 2);
        Assert.Equal(before, _model.Recommend([2, 3], 4));
    }

    private static string Message(Action action) => Assert.Throws<InputException>(action).Message;
}
