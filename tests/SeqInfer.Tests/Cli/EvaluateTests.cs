using System.Text.Json;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Cli;

public sealed class EvaluateTests
{
    // The figures that the script which trained the demo's model printed, to their four digits: demo/README.md.
    private const double DemoHitRate = 0.6560;
    private const double DemoNdcg = 0.4920;
    private const double FourDigits = 0.5e-4;

    private static readonly string Model = Seqinfer.Demo("model");

    [Fact]
    public void An_event_log_gives_the_figures_of_the_training_script()
    {
        JsonElement json = Seqinfer.Json("evaluate", "--model", Model, "--dataset", Seqinfer.Demo(), "--exclude-seen", "--json");
        Assert.Equal(2000, json.GetProperty("users").GetInt32());
        Assert.Equal(DemoHitRate, json.GetProperty("hr@10").GetDouble(), FourDigits);
        Assert.Equal(DemoHitRate, json.GetProperty("recall@10").GetDouble(), FourDigits);
        Assert.Equal(DemoNdcg, json.GetProperty("ndcg@10").GetDouble(), FourDigits);
        Assert.InRange(json.GetProperty("mrr").GetDouble(), 0.1, DemoHitRate);
        Assert.True(json.GetProperty("seconds").GetDouble() > 0);
    }

    [Fact]
    public void A_folder_of_sequences_and_candidates()
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(
            folder.File("sequences.safetensors"),
            [
                TensorData.FromValues("items", new Shape(7), (long[])[12, 55, 9, 7, 8, 3, 4]),
                TensorData.FromValues("offsets", new Shape(3), (long[])[0, 4, 7]),
            ]);
        SafetensorsWriter.Write(
            folder.File("eval.safetensors"), [TensorData.FromValues("candidates_of_today", new Shape(2, 3), (long[])[7, 12, 200, 4, 100, 300])]);
        using SequenceModel model = SequenceModel.Load(Model);
        int[] expected = [Rank(model.Score([12, 55, 9], [7, 12, 200])), Rank(model.Score([8, 3], [4, 100, 300]))];

        string ranks = folder.File("ranks.safetensors");
        JsonElement json = Seqinfer.Json("evaluate", "--model", Model, "--dataset", folder.Path, "--mode", "sampled", "-k", "2", "--ranks", ranks, "--json");
        Assert.Equal(expected.Average(rank => rank < 2 ? 1.0 : 0), json.GetProperty("hr@2").GetDouble());
        using (SafetensorsFile file = SafetensorsFile.Open(ranks))
            Assert.Equal(expected, file["ranks"].ToInt32s());

        // Without seen items the first user's second candidate is no competition.
        Assert.Equal(0, Seqinfer.Run("evaluate", "--model", Model, "--dataset", folder.Path, "--mode", "sampled", "--exclude-seen", "--ranks", ranks).ExitCode);
        using (SafetensorsFile file = SafetensorsFile.Open(ranks))
            Assert.Equal(Rank(model.Score([12, 55, 9], [7, 200])), file["ranks"].ToInt32s()[0]);
    }

    [Fact]
    public void Candidates_are_drawn_where_none_are_stored()
    {
        string[] arguments = ["evaluate", "--model", Model, "--dataset", Seqinfer.Demo(), "--mode", "sampled", "--negatives", "20", "--json"];
        JsonElement json = Seqinfer.Json(arguments);
        Assert.Equal(20, json.GetProperty("negatives").GetInt32());
        Assert.Equal(42, json.GetProperty("seed").GetInt32());
        Assert.InRange(json.GetProperty("hr@10").GetDouble(), DemoHitRate, 1);
        Assert.Equal(json.GetProperty("mrr").GetDouble(), Seqinfer.Json([.. arguments, "--batch", "9"]).GetProperty("mrr").GetDouble());
        Assert.NotEqual(json.GetProperty("mrr").GetDouble(), Seqinfer.Json([.. arguments, "--seed", "43"]).GetProperty("mrr").GetDouble());
    }

    [Fact]
    public void Mistakes_are_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("no data set", Seqinfer.Error("evaluate", "--model", Model, "--dataset", folder.Path), StringComparison.Ordinal);
        Assert.Contains("not an integer", Seqinfer.Error("evaluate", "--model", Model, "--dataset", Seqinfer.Demo(), "--negatives", "0"), StringComparison.Ordinal);
        Assert.Contains("takes features", Seqinfer.Error("evaluate", "--model", Goldens.Case("sequential-mlp"), "--dataset", Seqinfer.Demo()), StringComparison.Ordinal);
        File.WriteAllText(folder.File("events.csv"), "user_id,item_id,timestamp\n1,5,1\n1,999,2\n");
        Assert.Contains("has the item 999, the model knows 1 .. 418", Seqinfer.Error("evaluate", "--model", Model, "--dataset", folder.Path), StringComparison.Ordinal);
        File.WriteAllText(folder.File("events.csv"), "user_id,item_id,timestamp\n1,5,1\n2,6,2\n");
        Assert.Contains("no user has a history", Seqinfer.Error("evaluate", "--model", Model, "--dataset", folder.Path), StringComparison.Ordinal);
    }

    private static int Rank(float[] scores) => scores.Count(score => score > scores[0]);
}
