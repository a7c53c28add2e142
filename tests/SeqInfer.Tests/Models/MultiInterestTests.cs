using SeqInfer.Inputs;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Models;

/// <summary>An item counts with the interest that scores it best, in lists as in scores.</summary>
public class MultiInterestTests
{
    public static TheoryData<string> Cases => [.. Goldens.CaseNames.Where(name => name.StartsWith("mind", StringComparison.Ordinal) || name.StartsWith("comirec", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_list_is_the_sorted_scores_without_what_is_excluded(string name)
    {
        const int K = 9;
        using var model = SequenceModel.Load(Goldens.Case(name));
        int[][] excluded = [[3, 5, 7, 9], [], [1, 2, 30, 3, 1]];
        using ModelWorkspace workspace = model.CreateWorkspace(new BatchLimits
        {
            MaxBatch = 3,
            MaxEvents = 12,
            MaxExclusions = 9,
            MaxK = K,
            Outputs = model.Signature.Select("top_k", "scores"),
        });
        Batch batch = model.CreateBatch();
        batch.TopK = K;
        int[][] histories = [[4, 8, 15], [16, 23, 5, 12], [7]];
        for (int row = 0; row < excluded.Length; row++)
        {
            batch.Ids("items").Add(histories[row]);
            batch.Ids("exclude").Add(excluded[row]);
            if (model.Signature.IndexOfInput("routing_logits") is int routing and >= 0)
                batch.Values("routing_logits").Add([.. Enumerable.Range(0, model.Signature.Inputs[routing].Width).Select(i => (i % 5) - 2f)]);
        }

        model.Run(batch, workspace, workspace.Limits.Outputs);
        int items = workspace["scores"].ColumnCount;
        for (int row = 0; row < excluded.Length; row++)
        {
            float[] scores = new float[items];
            workspace["scores"].CopyRows(row, 1, scores);
            float[] best = new float[K];
            workspace["top_k"].CopyRows(row, 1, best);
            int[] expected = [.. Enumerable.Range(1, items - 1).Except(excluded[row]).OrderByDescending(id => scores[id]).ThenBy(id => id).Take(K)];
            Assert.Equal(expected, workspace["top_k"].Ids.Slice(row * K, K).ToArray());
            Assert.Equal(expected.Select(id => scores[id]), best);
        }
    }
}
