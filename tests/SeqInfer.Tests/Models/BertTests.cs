using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Models;

/// <summary>What BERT asks of a request, and what it gives where a mask hides slots.</summary>
public class BertTests
{
    [Fact]
    public void Inputs_beside_the_tokens_must_have_as_many_entries() =>
        Refused("attention_mask", "row 1 has 2 entries for 3 of 'input_ids'", batch =>
        {
            AddRow(batch, [1, 2], [1, 1], 0);
            AddRow(batch, [1, 2, 3], [1, 1], 0);
        });

    [Fact]
    public void A_sequence_beyond_the_positions_is_refused_not_cut() =>
        Refused("input_ids", "the model takes at most 12", batch => AddRow(batch, new int[13], null, 0));

    [Fact]
    public void A_slot_must_be_in_its_sequence() =>
        Refused("logits_position", "row 0: slot 2 of a sequence of 2", batch => AddRow(batch, [1, 2], null, 2));

    [Fact]
    public void A_slot_that_is_read_must_be_seen()
    {
        Refused("logits_position", "row 0: slot 1, which is asked for, has attention_mask 0", batch => AddRow(batch, [1, 2], [1, 0], 1));
        Refused("attention_mask", "row 0: slot 0, which \"pooled\" reads, has attention_mask 0", batch => AddRow(batch, [1, 2], [0, 1], 1));
    }

    [Fact]
    public void Logits_need_a_slot() => Refused("logits_position", "0 rows in a batch of 1", batch => AddRow(batch, [1, 2], null, null));

    [Fact]
    public void What_the_mask_hides_has_no_effect_and_the_state_0()
    {
        using var model = SequenceModel.Load(Goldens.Case("bert-masked-lm"));
        float[] padded = States(model, [7, 8, 9, 30, 31], [1, 1, 1, 0, 0]);
        float[] alone = States(model, [7, 8, 9], null);
        Assert.Equal(alone, padded[..alone.Length]);
        Assert.All(padded[alone.Length..], value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData("position_embedding_type", "\"relative_key\"")]
    [InlineData("is_decoder", "true")]
    [InlineData("hidden_act", "\"gelu_10\"")]
    [InlineData("num_attention_heads", "3")]
    public void What_is_not_computed_is_refused(string field, string json)
    {
        var options = new LoadOptions { ConfigOverrides = new Dictionary<string, string> { [field] = json } };
        ModelConfigException error = Assert.Throws<ModelConfigException>(() => SequenceModel.Load(Goldens.Case("bert-masked-lm"), options));
        Assert.Equal(field, error.Field);
    }

    private static float[] States(SequenceModel model, int[] tokens, int[]? mask)
    {
        using ModelWorkspace workspace = model.CreateWorkspace();
        Batch batch = model.CreateBatch();
        AddRow(batch, tokens, mask, 0);
        float[] states = new float[tokens.Length * model.Signature.Outputs[0].Width];
        model.Predict(batch, workspace, "last_hidden_state", states);
        return states;
    }

    private static void Refused(string input, string problem, Action<Batch> fill)
    {
        using var model = SequenceModel.Load(Goldens.Case("bert-masked-lm-f16"));
        using ModelWorkspace workspace = model.CreateWorkspace(maxBatch: 4);
        Batch batch = model.CreateBatch();
        fill(batch);
        InputException error = Assert.Throws<InputException>(() => model.Run(batch, workspace, model.Signature.Select("pooled", "top_k")));
        Assert.Equal(input, error.Input);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private static void AddRow(Batch batch, int[] tokens, int[]? mask, int? position)
    {
        batch.Ids("input_ids").Add(tokens);
        if (mask is not null)
            batch.Ids("attention_mask").Add(mask);
        if (position is int slot)
            batch.Ids("logits_position").Add(slot);
    }
}
