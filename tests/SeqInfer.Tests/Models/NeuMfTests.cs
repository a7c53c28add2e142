using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Models;

/// <summary>Neural collaborative filtering: lists over all items, and an MLP without hidden layers.</summary>
public class NeuMfTests
{
    [Theory]
    [InlineData("neumf-keras")]
    [InlineData("neumf-torch")]
    [InlineData("neumf-recbole-gmf")]
    [InlineData("neumf-torch-mlp")]
    public void A_list_is_what_sorting_the_logits_of_all_items_gives(string name)
    {
        using SequenceModel model = Goldens.Load(name);
        int items = model.Signature.Inputs[model.Signature.IndexOfInput("candidates")].MaxId + 1;
        int[][] excluded = [[], [0, 5, 5, items - 1], [1]];
        Batch batch = model.CreateBatch();
        batch.TopK = 6;
        for (int user = 0; user < excluded.Length; user++)
        {
            batch.Ids("users").Add(user);
            batch.Ids("candidates").Add([.. Enumerable.Range(0, items)]);
            batch.Ids("exclude").Add(excluded[user]);
        }

        using ModelWorkspace workspace = model.CreateWorkspace(new BatchLimits
        {
            MaxBatch = 3,
            MaxCandidates = 3 * items,
            MaxExclusions = 5,
            MaxK = 6,
            Outputs = model.Signature.Select("logits", "top_k"),
        });
        model.Run(batch, workspace, workspace.Limits.Outputs);
        float[] logits = new float[3 * items];
        float[] best = new float[3 * 6];
        workspace["logits"].CopyTo(logits);
        workspace["top_k"].CopyTo(best);
        for (int user = 0; user < 3; user++)
        {
            int[] expected = [.. Enumerable.Range(0, items).Except(excluded[user]).OrderByDescending(item => logits[(user * items) + item]).Take(6)];
            Assert.Equal(expected, workspace["top_k"].Ids.Slice(user * 6, 6).ToArray());
            Assert.Equal(expected.Select(item => logits[(user * items) + item]), best[(user * 6)..((user + 1) * 6)]);
        }
    }

    [Theory]
    [InlineData("keras_ncf", (10 * 6) + (100 * 5) + (1000 * 7) + 0.5f)]
    [InlineData("torch_ncf", (10 * 5) + (100 * 7) + (1000 * 6) + 0.5f)]
    public void An_mlp_without_hidden_layers_is_part_of_the_last_one(string naming, float expected)
    {
        // Sizes 1; v = [mf, user, item] or [user, item, mf], weighted 10, 100, 1000 in that order.
        bool torch = naming == "torch_ncf";
        string Table(string part, string entity) => torch ? $"embedding_{entity}_{part}.weight" : $"{part}_embedding_{entity}_W";
        ModelConfig config = ModelConfig.Parse("config.json", System.Text.Encoding.UTF8.GetBytes($$"""
            {"model_type": "neumf", "naming": "{{naming}}", "variant": "neumf", "num_users": 1, "num_items": 1, "mf_size": 1,
             "mlp_embedding_size": 1, "mlp_hidden_sizes": [], "kernel_layout": "out_in"}
            """));
        TensorInfo[] tensors =
        [
            Tensor(Table("mf", "user"), 1, 1, 2), Tensor(Table("mf", "item"), 1, 1, 3),
            Tensor(Table("mlp", "user"), 1, 1, 5), Tensor(Table("mlp", "item"), 1, 1, 7),
            Tensor(torch ? "affine_output.weight" : "prediction_W", 1, 3, 10, 100, 1000),
            TensorInfo.FromValues(torch ? "affine_output.bias" : "prediction_b", new Shape(1), [0.5f]),
        ];
        using var model = SequenceModel.Create(config, tensors);
        Batch batch = model.CreateBatch();
        batch.Ids("users").Add(0);
        batch.Ids("candidates").Add(0);
        using ModelWorkspace workspace = model.CreateWorkspace();
        float[] logit = new float[1];
        model.Predict(batch, workspace, logit);
        Assert.Equal(expected, logit[0]);
    }

    private static TensorInfo Tensor(string name, int rows, int columns, params float[] values) =>
        TensorInfo.FromValues(name, new Shape(rows, columns), values);
}
