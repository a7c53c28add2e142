using System.Text.Json.Nodes;
using SeqInfer.Models;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Contract;

/// <summary>
/// What every family keeps: a missing, unknown or wrong field is an error that names file, field and what is allowed; and where the tensors
/// fit another variant, the configuration has to say which one is meant.
/// </summary>
public sealed class ConfigContractTests
{
    private const string NoWord = "no such word";

    // Hugging Face writes fields that say nothing about inference, so that unknown ones are no error there.
    private const string OpenFamily = "bert";

    public static TheoryData<string> Cases => [.. Goldens.CaseNames];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_missing_field_is_an_error_that_says_what_is_expected(string name)
    {
        using var model = new ConfigCase(name);
        foreach ((string path, Func<JsonObject, JsonObject> find) in model.Objects())
        {
            foreach ((string field, _) in find(model.Fields).Where(field => !Optional.Is(model.Fields, path, field.Key)))
            {
                ModelConfigException error = model.Refused(path + field, root => find(root).Remove(field));
                Assert.Contains("missing; expected ", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_field_without_a_value_is_an_error_too(string name)
    {
        using var model = new ConfigCase(name);
        foreach ((string path, Func<JsonObject, JsonObject> find) in model.Objects())
        {
            foreach ((string field, _) in find(model.Fields).Where(field => !Optional.Is(model.Fields, path, field.Key)))
                Assert.Contains("expected ", model.Refused(path + field, root => find(root)[field] = null).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_unknown_field_is_an_error_that_lists_the_known_ones(string name)
    {
        const string Unknown = "no_such_field";
        using var model = new ConfigCase(name);
        if (model.ModelType == OpenFamily)
        {
            Assert.Null(model.Try(root => root[Unknown] = 1));
            return;
        }

        foreach ((string path, Func<JsonObject, JsonObject> find) in model.Objects())
        {
            ModelConfigException error = model.Refused(path + Unknown, root => find(root)[Unknown] = 1);
            foreach ((string field, _) in find(model.Fields))
                Assert.Contains(field, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_value_of_another_kind_is_an_error_that_says_what_is_expected(string name)
    {
        using var model = new ConfigCase(name);
        foreach ((string path, Func<JsonObject, JsonObject> find) in model.Objects())
        {
            foreach ((string field, _) in find(model.Fields).Where(field => !Optional.IsIgnored(model.Fields, path, field.Key)))
            {
                JsonNode wrong = find(model.Fields)[field] is JsonObject ? JsonValue.Create(1) : new JsonObject();
                Assert.Contains("expected ", model.Refused(path + field, root => find(root)[field] = wrong.DeepClone()).Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Where_tensors_fit_another_variant_the_field_has_to_be_there(string name)
    {
        using var model = new ConfigCase(name);
        foreach ((string path, Func<JsonObject, JsonObject> find) in model.Objects())
        {
            foreach ((string field, JsonNode? value) in find(model.Fields).Where(field => !Optional.IsIgnored(model.Fields, path, field.Key)))
            {
                foreach (JsonNode other in OtherValues(model, path, find, field, value))
                    CheckVariant(model, path, find, field, other);
            }
        }
    }

    // Published versions of SASRec share every name and shape; so do the cells and gates of others.
    [Theory]
    [InlineData("sasrec-pre-norm-gelu", "block", "\"query_norm\", \"post_norm\", \"pre_norm\"")]
    [InlineData("sasrec-pre-norm-gelu", "position_ids", "\"from_zero\", \"from_one_zero_on_padding\"")]
    [InlineData("srgnn-cripac", "update_gate", "\"keeps_hidden\", \"takes_new\"")]
    [InlineData("recurrent-rnn-relu-2-layers", "cell", "\"lstm\", \"gru\", \"rnn_tanh\", \"rnn_relu\"")]
    [InlineData("dien-recbole-augru", "gru_type", "\"agru\"")]
    [InlineData("din-recbole", "attention_softmax", "true, false")]
    [InlineData("neumf-torch", "variant", "\"gmf\", \"mlp\", \"neumf\"")]
    public void A_checkpoint_that_fits_two_variants_is_refused_with_the_field_to_set(string name, string field, string values)
    {
        using var model = new ConfigCase(name);
        ModelConfigException error = model.Refused(field, root => root.Remove(field));
        Assert.Contains($"field '{field}': missing; expected ", error.Message, StringComparison.Ordinal);
        Assert.Contains(values, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("recurrent-gru", "cell", "lstm", "They match with \"cell\": \"gru\" in ")]
    [InlineData("neumf-torch", "variant", "gmf", "They match with \"variant\": \"neumf\" in ")]
    [InlineData("narm-recbole", "naming", null, null)]
    [InlineData("mult_dae-recbole", "model_type", "mult_vae", "They may have other names than those of \"naming\": \"recbole\"")]
    [InlineData("graphsage-pyg-mean", "naming", "graphsage_simple", "They match with \"naming\": \"pyg\" in ")]
    public void A_checkpoint_that_fits_another_variant_is_refused_with_the_field_to_change(string name, string field, string? value, string? hint)
    {
        using var model = new ConfigCase(name);
        if (value is null)
        {
            // A family with one naming has nothing to suggest.
            Assert.Null(Assert.IsType<WeightMismatchException>(model.Try(root => root["embedding_size"] = 99)).Hint);
            return;
        }

        var error = Assert.IsType<WeightMismatchException>(model.Try(root => root[field] = value));
        Assert.Contains(hint!, error.Message, StringComparison.Ordinal);
    }

    // Either the other variant is refused, or nothing but the field tells the two apart. A field that may be absent all the same has one value
    // in the code bases behind the family, which is its default.
    private static void CheckVariant(ConfigCase model, string path, Func<JsonObject, JsonObject> find, string field, JsonNode other)
    {
        SeqInferException? error = model.Try(root => find(root)[field] = other.DeepClone());
        if (error is null && !Optional.Is(model.Fields, path, field))
        {
            ModelConfigException missing = model.Refused(path + field, root => find(root).Remove(field));
            Assert.Contains("expected ", missing.Message, StringComparison.Ordinal);
            Assert.Contains(other.ToJsonString(), missing.Message, StringComparison.Ordinal);
        }

        // A file that fits with the field as it was: the message says so.
        if (error is WeightMismatchException { Hint: { } hint } && path.Length == 0 && hint.Contains("match with", StringComparison.Ordinal))
            Assert.Contains($"\"{field}\": {find(model.Fields)[field]!.ToJsonString()}", error.Message, StringComparison.Ordinal);
        Assert.True(error is null or ModelConfigException or WeightMismatchException or Inputs.InputException, $"{field}: {error}");
        if (error is WeightMismatchException mismatch && path.Length == 0)
            Assert.True(mismatch.Hint is not null, $"\"{field}\": {other.ToJsonString()}: {error.Message}");
    }

    /// <summary>The values that a field may have besides its own: of a switch the other one, of a word those that the error for a wrong one names.</summary>
    private static IEnumerable<JsonNode> OtherValues(ConfigCase model, string path, Func<JsonObject, JsonObject> find, string field, JsonNode? value)
    {
        switch (value?.GetValueKind())
        {
            case System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False:
                return [JsonValue.Create(!value.GetValue<bool>())];
            case System.Text.Json.JsonValueKind.String when !Optional.IsText(path, field):
                string message = model.Refused(path + field, root => find(root)[field] = NoWord).Message;
                Assert.Contains($"\"{NoWord}\" is not allowed; expected ", message, StringComparison.Ordinal);
                string[] words = [.. message[(message.LastIndexOf("expected ", StringComparison.Ordinal) + 9)..].Split('"').Where((_, i) => i % 2 == 1)];
                return words.Where(word => word != value.GetValue<string>()).Select(word => (JsonNode)JsonValue.Create(word));
            default:
                return [];
        }
    }
}
