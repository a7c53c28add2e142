using SeqInfer.Inputs;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Models;

/// <summary>What a history is to an autoencoder, and how scores become lists.</summary>
public class AutoencoderTests
{
    [Theory]
    [InlineData("mult_vae-recbole")]
    [InlineData("mult_dae-jaywonchung")]
    [InlineData("autorec-binary-relu")]
    [InlineData("autorec-normalized-bf16")]
    public void A_history_is_a_set(string name)
    {
        using SequenceModel model = Goldens.Load(name);
        Assert.Equal(Scores(model, [3, 9, 14]), Scores(model, [14, 3, 9, 3, 14, 14]));
        Assert.NotEqual(Scores(model, [3, 9, 14]), Scores(model, [3, 9]));
    }

    [Fact]
    public void Ratings_stand_beside_their_items()
    {
        using SequenceModel model = Goldens.Load("autorec-ratings");
        Batch batch = model.CreateBatch();
        batch.Ids("items").Add(3, 9);
        batch.RaggedValues("ratings").Add(4f);
        using ModelWorkspace workspace = model.CreateWorkspace(maxBatch: 1);
        var error = Assert.Throws<InputException>(() => model.Run(batch, workspace, model.Signature.Select("latent")));
        Assert.Contains("row 0 has 1 entries for 2 of 'items'", error.Message, StringComparison.Ordinal);

        batch.Clear();
        batch.Ids("items").Add(3, 9);
        var nan = Assert.Throws<InputException>(() => batch.RaggedValues("ratings").Add(4f, float.NaN));
        Assert.Contains("place 1 is NaN", nan.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => batch.Values("ratings"));
    }

    /// <summary>Activations that rise everywhere, that have ties and that do not rise.</summary>
    [Theory]
    [InlineData("tanh")]
    [InlineData("relu")]
    [InlineData("silu")]
    [InlineData("gelu")]
    public void A_list_has_the_best_activated_scores(string activation)
    {
        using var model = SequenceModel.Load(Goldens.Case("autorec-normalized-bf16"), new LoadOptions
        {
            ConfigOverrides = new Dictionary<string, string> { ["output_activation"] = $"\"{activation}\"" },
        });
        float[] scores = Scores(model, [3, 9, 14]);
        ScoredItem[] best = model.Recommend([3, 9, 14], 8, exclude: [3, 9, 14]);

        // Ids are columns + 1.
        var expected = scores.Select((score, column) => new ScoredItem(column + 1, score))
            .Where(item => item.Id is not (3 or 9 or 14))
            .OrderByDescending(item => item.Score)
            .ThenBy(item => item.Id)
            .Take(8)
            .ToArray();
        Assert.Equal(expected.Select(item => item.Score), best.Select(item => item.Score));
        Assert.All(best, item => Assert.Equal(scores[item.Id - 1], item.Score));
    }

    private static float[] Scores(SequenceModel model, int[] history)
    {
        OutputSet outputs = model.Signature.Select("scores");
        using ModelWorkspace workspace = model.CreateWorkspace(new BatchLimits { MaxEvents = history.Length, Outputs = outputs });
        Batch batch = model.CreateBatch();
        batch.Ids("items").Add(history);
        float[] scores = new float[model.Signature.Outputs[model.Signature.IndexOfOutput("scores")].Width];
        model.Predict(batch, workspace, "scores", scores);
        return scores;
    }
}
