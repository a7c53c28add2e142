using SeqInfer.Cli.Data;
using SeqInfer.Cli.Evaluation;
using SeqInfer.Ranking;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Evaluation;

/// <summary>Published checkpoints over all users of their data sets: every user's rank, and the figures made of them.</summary>
public sealed class EvaluatorTests
{
    // Figures are published with four digits.
    private const double FourDigits = 0.5e-4;

    // The case's tolerance for its candidates' scores: two items that are closer than twice that may change places.
    [SkippableTheory]
    [InlineData("sasrec-ml1m-e1000", "ml1m-sasrec", EvaluationModeName.Full, false, "rank_full_all", 0.0612, 0.1412, 1.3e-4)]
    [InlineData("sasrec-ml1m-e1000", "ml1m-sasrec", EvaluationModeName.Full, true, "rank_full_seen_filtered_all", 0.1321, 0.2460, 1.3e-4)]
    [InlineData("sasrec-ml1m-e1000", "ml1m-sasrec", EvaluationModeName.Sampled, false, "rank_sampled_all", 0.5918, 0.8184, 1.3e-4)]
    [InlineData("bert4rec-ml1m-d32", "ml1m-bert4rec", EvaluationModeName.Full, false, "rank_full_all", 0.0212, 0.0475, 4.9e-5)]
    [InlineData("bert4rec-ml1m-d32", "ml1m-bert4rec", EvaluationModeName.Sampled, false, "rank_sampled_all", 0.4195, 0.6742, 4.9e-5)]
    [InlineData("ncf-gmf8-ml1m", "ml1m-ncf", EvaluationModeName.Sampled, false, "rank_all", 0.3691, 0.6368, 4.7e-5)]
    [InlineData("ncf-mlp-ml1m", "ml1m-ncf", EvaluationModeName.Sampled, false, "rank_all", 0.3963, 0.6710, 7.8e-5)]
    public void Figures_and_ranks_are_those_of_the_reference(
        string name, string dataset, EvaluationModeName mode, bool excludeSeen, string tensor, double ndcg, double hitRate, double scoreTolerance)
    {
        using SequenceModel model = SequenceModel.Load(SharedCases.Require(name));
        EvaluationSet set = EvaluationSetReader.Read(SharedCases.Require("datasets", dataset));
        var evaluator = new Evaluator(model, set, new EvaluationOptions((EvaluationMode)mode, excludeSeen));
        RankingMetrics metrics = evaluator.Run(_ => { }).Metrics;
        Assert.Equal(6040, metrics.Count);
        Assert.Equal(ndcg, metrics.Ndcg(10), FourDigits);
        Assert.Equal(hitRate, metrics.HitRate(10), FourDigits);

        using SafetensorsFile expected = SafetensorsFile.Open(SharedCases.Require(name, "expected.safetensors"));
        int[] ranks = expected[tensor].ToInt32s();
        Assert.Equal(ranks.Length, metrics.Count);
        int[] different = [.. Enumerable.Range(0, ranks.Length).Where(user => ranks[user] != metrics.Ranks[user])];
        Dictionary<int, int> close = CloseItems(model, set, evaluator.Candidates, different, scoreTolerance);
        Assert.All(different, user => Assert.InRange(Math.Abs(ranks[user] - metrics.Ranks[user]), 0, close[user]));
    }

    // The repository means over batches of 128 users: its last, short batch weighs as much as the others.
    [SkippableFact]
    public void Means_of_batches_are_the_published_figures_of_BERT4Rec()
    {
        using SequenceModel model = SequenceModel.Load(SharedCases.Require("bert4rec-ml1m-d32"));
        EvaluationSet set = EvaluationSetReader.Read(SharedCases.Require("datasets", "ml1m-bert4rec"));
        RankingMetrics metrics = new Evaluator(model, set, new EvaluationOptions(EvaluationMode.Sampled)).Run(_ => { }).Metrics;
        RankingMetrics[] batches = [.. metrics.Ranks.Chunk(128).Select(ranks =>
        {
            var batch = new RankingMetrics();
            foreach (int rank in ranks)
                batch.Add(rank);
            return batch;
        })];
        Assert.Equal(0.419305, batches.Average(batch => batch.Ndcg(10)), 0.5e-6);
        Assert.Equal(0.674045, batches.Average(batch => batch.Recall(10)), 0.5e-6);
        Assert.Equal(0.805935, batches.Average(batch => batch.Recall(20)), 0.5e-6);
    }

    // Several items to be found for each user, and what the edges join with a user left out.
    [SkippableTheory]
    [InlineData("lightgcn-lastfm", 20, 1858, 0.178146, 0.234857, 0.066604)]
    [InlineData("lightgcn-ml100k-L10", 10, 943, 0.479543, 0.226903, 0.419936)]
    public void LightGCN_finds_as_many_test_items_as_the_reference(string name, int k, int users, double ndcg, double recall, double precision)
    {
        string folder = SharedCases.Require(name);
        using SequenceModel model = SequenceModel.Load(folder, new LoadOptions { Data = LoadTimeData.Read([folder]) });
        EvaluationSet set = EvaluationSetReader.Read(Path.Combine(folder, "inputs.safetensors"));
        RankingMetrics metrics = new Evaluator(model, set, new EvaluationOptions(ExcludeSeen: true)).Run(_ => { }).Metrics;

        // A tie in the last place of a list may fall on either side: one hit of one user.
        double oneHit = 1.0 / users;
        Assert.Equal(users, metrics.Count);
        Assert.Equal(ndcg, metrics.Ndcg(k), oneHit / k);
        Assert.Equal(recall, metrics.Recall(k), oneHit / k);
        Assert.Equal(precision, metrics.Precision(k), oneHit / k);
    }

    /// <summary>How many items score so close to the target that they may stand on either side of it.</summary>
    private static Dictionary<int, int> CloseItems(SequenceModel model, EvaluationSet set, IdRows? candidates, int[] users, double tolerance)
    {
        Dictionary<int, int> close = [];
        if (users.Length == 0)
            return close;
        var scorer = new ItemScorer(model, set.Inputs, candidates, 64, set.Name);
        HashSet<int> wanted = [.. users];
        scorer.Run((user, scores) =>
        {
            if (!wanted.Contains(user))
                return;
            int target = candidates is null ? set.Targets[user][0] - scorer.FirstRanked : 0;
            close.Add(user, scores.Count(score => Math.Abs(score - scores[target]) < 2 * tolerance) - 1);
        });
        return close;
    }

    /// <summary><see cref="EvaluationMode"/> for the signature of a public test.</summary>
    public enum EvaluationModeName
    {
        Full = EvaluationMode.Full,
        Sampled = EvaluationMode.Sampled,
    }
}
