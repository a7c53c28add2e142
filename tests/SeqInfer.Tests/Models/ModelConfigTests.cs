using System.Text;
using System.Text.Json.Nodes;
using SeqInfer.Models;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Models;

/// <summary>A configuration is read in full or refused; the message names file, field and what is allowed.</summary>
public class ModelConfigTests
{
    [Theory]
    [InlineData("block", "\"pre\"", "\"pre\" is not allowed; expected \"query_norm\", \"post_norm\", \"pre_norm\"")]
    [InlineData("naming", "\"tf\"", "expected \"pmixer\", \"recbole\", \"gsasrec\"")]
    [InlineData("position_ids", "null", "expected \"from_zero\", \"from_one_zero_on_padding\"")]
    [InlineData("num_layers", "0", "0 is not allowed; expected an integer of at least 1")]
    [InlineData("num_layers", "2.5", "2.5 is not allowed; expected an integer of at least 1")]
    [InlineData("num_layers", "\"2\"", "expected an integer of at least 1")]
    [InlineData("num_heads", "3", "3 heads cannot share a hidden_size of 50")]
    [InlineData("layer_norm_eps", "-1", "expected a number of at least 0")]
    [InlineData("key_padding_mask", "0", "expected true, false")]
    [InlineData("model_type", "\"sasrex\"", "expected one of")]
    [InlineData("num_itemz", "5", "unknown; known fields are")]
    public void A_wrong_field_is_named_with_what_is_allowed(string field, string json, string expected)
    {
        ModelConfigException error = Assert.Throws<ModelConfigException>(() => Load(config => config[field] = JsonNode.Parse(json)));
        Assert.Equal(field, error.Field);
        Assert.Contains("config.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("block")]
    [InlineData("num_items")]
    [InlineData("scale_embedding")]
    [InlineData("layer_norm_eps")]
    [InlineData("model_type")]
    public void A_missing_field_is_named(string field)
    {
        ModelConfigException error = Assert.Throws<ModelConfigException>(() => Load(config => config.Remove(field)));
        Assert.Equal(field, error.Field);
        Assert.Contains("missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_that_are_not_those_of_the_tensors_list_every_tensor()
    {
        WeightMismatchException error = Assert.Throws<WeightMismatchException>(() => Load(config =>
        {
            config["num_items"] = 7;
            config["num_layers"] = 5;
        }));
        Assert.Contains("item_emb.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("attention_layers.4.in_proj_weight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_beyond_memory_is_a_mismatch_and_no_allocation()
    {
        Assert.Throws<WeightMismatchException>(() => Load(config => config["num_items"] = 2_000_000_000));
        Assert.Throws<WeightMismatchException>(() => Load(config =>
        {
            config["hidden_size"] = 500_000_000;
            config["num_heads"] = 1;
        }));
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("[1]", "expected a JSON object")]
    [InlineData("{\"a\":1,\"a\":2}", "not valid JSON")]
    [InlineData("{\"a\":1} x", "not valid JSON")]
    public void What_is_not_one_object_is_refused(string json, string expected)
    {
        ModelConfigException error = Assert.Throws<ModelConfigException>(() => ModelConfig.Parse("config.json", Encoding.UTF8.GetBytes(json)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        using var folder = new TemporaryFolder();
        ModelConfigException error = Assert.Throws<ModelConfigException>(() => SequenceModel.Load(folder.Path));
        Assert.Contains(folder.File("config.json"), error.Message, StringComparison.Ordinal);
        Assert.Contains("no such file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Overrides_replace_fields()
    {
        var options = new LoadOptions { ConfigOverrides = new Dictionary<string, string> { ["similarity"] = "\"cosine\"" } };
        using var model = SequenceModel.Load(Goldens.Case("catalogue-ties"), options);
        options = new LoadOptions { ConfigOverrides = new Dictionary<string, string> { ["similarity"] = "\"hamming\"" } };
        Assert.Throws<ModelConfigException>(() => SequenceModel.Load(Goldens.Case("catalogue-ties"), options));
        options = new LoadOptions { ConfigOverrides = new Dictionary<string, string> { ["similarity"] = "{" } };
        Assert.Throws<ModelConfigException>(() => SequenceModel.Load(Goldens.Case("catalogue-ties"), options));
    }

    private static void Load(Action<JsonObject> change)
    {
        using var folder = new TemporaryFolder();
        string source = Goldens.Case("sasrec-query-norm-d50");
        File.Copy(Path.Combine(source, "model.safetensors"), folder.File("model.safetensors"));
        JsonObject config = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!.AsObject();
        change(config);
        File.WriteAllText(folder.File("config.json"), config.ToJsonString());
        SequenceModel.Load(folder.Path).Dispose();
    }
}
