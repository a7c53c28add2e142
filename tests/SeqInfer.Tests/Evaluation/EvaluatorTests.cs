using SeqInfer.Cli.Evaluation;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Evaluation;

/// <summary>The published SASRec checkpoint over all users of its data set.</summary>
public sealed class EvaluatorTests
{
    private const string Case = "sasrec-ml1m-e1000";

    // The case's tolerance for scores: two items that are closer than twice that may change places.
    private const double ScoreTolerance = 1.3e-4;

    // Figures are published with four digits.
    private const double FourDigits = 0.5e-4;

    [SkippableTheory]
    [InlineData(EvaluationModeName.Full, false, "rank_full_all", 0.0612, 0.1412)]
    [InlineData(EvaluationModeName.Full, true, "rank_full_seen_filtered_all", 0.1321, 0.2460)]
    [InlineData(EvaluationModeName.Sampled, false, "rank_sampled_all", 0.5918, 0.8184)]
    public void Figures_and_ranks_are_those_of_the_reference(EvaluationModeName mode, bool excludeSeen, string tensor, double ndcg, double hitRate)
    {
        using SequenceModel model = SequenceModel.Load(SharedCases.Require(Case));
        EvaluationSet set = EvaluationSetReader.Read(SharedCases.Require("datasets", "ml1m-sasrec"));
        var options = new EvaluationOptions((EvaluationMode)mode, excludeSeen);
        EvaluationResult result = new Evaluator(model, set, options).Run(_ => { });
        Assert.Equal(6040, result.Metrics.Count);
        Assert.Equal(ndcg, result.Metrics.Ndcg(10), FourDigits);
        Assert.Equal(hitRate, result.Metrics.HitRate(10), FourDigits);

        using SafetensorsFile expected = SafetensorsFile.Open(SharedCases.Require(Case, "expected.safetensors"));
        int[] ranks = expected[tensor].ToInt32s();
        Assert.Equal(ranks.Length, result.Metrics.Count);
        for (int user = 0; user < ranks.Length; user++)
        {
            int difference = Math.Abs(ranks[user] - result.Metrics.Ranks[user]);
            if (difference > 0)
                Assert.True(difference <= CloseItems(model, set, user, options), $"user {user + 1}: expected rank {ranks[user]}, got {result.Metrics.Ranks[user]}");
        }
    }

    /// <summary>How many items score so close to the target that they may stand on either side of it.</summary>
    private static int CloseItems(SequenceModel model, EvaluationSet set, int user, EvaluationOptions options)
    {
        int[] others = options.Mode == EvaluationMode.Sampled
            ? set.Candidates![user][1..].ToArray()
            : [.. Enumerable.Range(1, 3416).Where(id => id != set.Targets[user])];
        float[] scores = model.Score(set.Inputs[user], [set.Targets[user], .. others]);
        return scores.Skip(1).Count(score => Math.Abs(score - scores[0]) < 2 * ScoreTolerance);
    }

    /// <summary><see cref="EvaluationMode"/> for the signature of a public test.</summary>
    public enum EvaluationModeName
    {
        Full = EvaluationMode.Full,
        Sampled = EvaluationMode.Sampled,
    }
}
