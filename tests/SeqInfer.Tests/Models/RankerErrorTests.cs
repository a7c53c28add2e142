using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Models;

/// <summary>What rankers say about configurations, features and requests that cannot be.</summary>
public class RankerErrorTests
{
    [Theory]
    [InlineData("deepfm-recbole", "fields", "[]", "'fields': is empty")]
    [InlineData("deepfm-recbole", "fields", """[{"name": "a", "kind": "token", "table_offset": 0}, {"name": "a", "kind": "dense", "size": 2}]""", "names \"a\" twice")]
    [InlineData("deepfm-recbole", "fields", """[{"name": "a", "kind": "token"}]""", "'fields[0].table_offset': missing")]
    [InlineData("deepfm-recbole", "fields", """[{"name": "a", "kind": "multi", "size": 3, "pooling": "first", "pad_id": 0}]""", "\"mean\", \"sum\", \"max\"")]
    [InlineData("deepfm-recbole", "fields", """[{"name": "a", "kind": "multi", "size": 3, "pooling": "sum", "pad_id": 3}]""", "expected -1 .. 2")]
    [InlineData("deepfm-recbole", "fields", """[{"name": "a", "kind": "value", "size": 2, "table_offset": 0, "index": 2}]""", "not one of the 2 rows")]
    [InlineData("deepfm-deepctr", "fields", """[{"name": "a", "kind": "value", "size": 2}]""", "expected \"token\", \"multi\", \"dense\"")]
    [InlineData("deepfm-recbole", "item_id_field", "\"class\"", "not one of the token fields")]
    [InlineData("deepfm-recbole", "mlp_activation", "\"step\"", "\"dice_alpha_zero\"")]
    [InlineData("lr-recbole", "mlp_hidden_sizes", "[4]", "'mlp_hidden_sizes': unknown")]
    [InlineData("dcn-recbole", "cross_layers", "0", "an integer of at least 1")]
    [InlineData("dcnv2-recbole-stacked", "structure", "\"beside\"", "\"parallel\", \"stacked\"")]
    [InlineData("din-deepctr-dice", "mlp_input", """["interest", "interest"]""", "names a part twice")]
    [InlineData("din-deepctr-dice", "mlp_input", """["history"]""", "a list of \"interest\"")]
    [InlineData("dien-recbole-augru", "gru_type", "\"lstm\"", "\"augru\"")]
    [InlineData("two_tower-recbole", "temperature", "0", "expected a number above 0")]
    [InlineData("two_tower-recbole", "num_items", "21", "'num_items': 21 items")]
    public void A_wrong_configuration_is_named(string name, string field, string value, string words)
    {
        var exception = Assert.Throws<ModelConfigException>(() => SequenceModel.Load(Goldens.Case(name), new LoadOptions
        {
            Data = Goldens.Data(name),
            ConfigOverrides = new Dictionary<string, string> { [field] = value },
        }));
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("din-recbole")]
    [InlineData("dien-recbole-augru")]
    [InlineData("two_tower-recbole")]
    public void Without_item_features_it_is_said_what_to_give(string name)
    {
        var exception = Assert.Throws<ModelConfigException>(() => SequenceModel.Load(Goldens.Case(name)));
        Assert.Contains("exactly one token field", exception.Message, StringComparison.Ordinal);
        Assert.Contains("item_features.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_feature_outside_its_table_is_named()
    {
        int[] years = new int[25];
        years[7] = 99;
        ModelData data = new ModelData().Add("item_features.year", 25, 1, years).Add("item_features.class", 25, 1, new int[25]);
        var exception = Assert.Throws<InputException>(() => SequenceModel.Load(Goldens.Case("din-recbole"), new LoadOptions { Data = data }));
        Assert.Contains("item 7: id 99 is outside 0 .. 5", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_of_different_numbers_of_items_are_named()
    {
        ModelData data = new ModelData().Add("item_features.year", 25, 1, new int[25]).Add("item_features.class", 24, 1, new int[24]);
        var exception = Assert.Throws<InputException>(() => SequenceModel.Load(Goldens.Case("din-recbole"), new LoadOptions { Data = data }));
        Assert.Contains("has 24 rows, another item feature has 25", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_another_size_is_an_error()
    {
        var exception = Assert.Throws<WeightMismatchException>(() => SequenceModel.Load(Goldens.Case("deepfm-recbole-tokens-only"), new LoadOptions
        {
            ConfigOverrides = new Dictionary<string, string> { ["fields"] = """[{"name": "user_id", "kind": "token", "size": 20, "table_offset": 0}]""" },
        }));
        Assert.Contains("token_embedding_table.embedding.weight", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_outside_its_field_is_refused()
    {
        using var model = SequenceModel.Load(Goldens.Case("deepfm-recbole"));
        Batch batch = model.CreateBatch();
        var exception = Assert.Throws<InputException>(() => batch.Ids("gender").Add(3));
        Assert.Contains("id 3 is outside 0 .. 2", exception.Message, StringComparison.Ordinal);
    }
}
