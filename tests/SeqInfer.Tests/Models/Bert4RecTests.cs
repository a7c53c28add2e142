using SeqInfer.Models;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Models;

/// <summary>Where padding and the mask token stand in a window.</summary>
public class Bert4RecTests
{
    private static readonly int[] Candidates = [1, 2, 3, 17, 29, 30];

    [Theory]
    [InlineData("bert4rec-codertimo-append-mask")]
    [InlineData("bert4rec-codertimo-unmasked-padding")]
    public void Padding_in_front_of_a_history_is_what_the_model_puts_there_itself(string name)
    {
        using var model = SequenceModel.Load(Goldens.Case(name));
        Assert.Equal(model.Score([5, 7, 11], Candidates), model.Score([0, 0, 5, 7, 11], Candidates));
    }

    [Fact]
    public void Padding_among_events_takes_up_a_slot_and_is_not_seen()
    {
        using var model = SequenceModel.Load(Goldens.Case("bert4rec-codertimo-append-mask"));
        float[] apart = model.Score([5, 0, 7], Candidates);
        Assert.NotEqual(model.Score([5, 7], Candidates), apart);
        Assert.NotEqual(model.Score([5, 9, 7], Candidates), apart);
    }

    [Fact]
    public void A_full_window_makes_room_for_the_mask()
    {
        using var model = SequenceModel.Load(Goldens.Case("bert4rec-codertimo-append-mask"));
        Assert.Equal(model.Score([2, 3, 4, 5, 6, 7], Candidates), model.Score([1, 2, 3, 4, 5, 6, 7], Candidates));
    }

    [Fact]
    public void With_padding_on_the_right_the_oldest_event_is_dropped_in_any_case()
    {
        using var model = SequenceModel.Load(Goldens.Case("bert4rec-recbole"));
        Assert.Equal(model.Score([1, 6, 7], Candidates), model.Score([20, 6, 7], Candidates));
        Assert.NotEqual(model.Score([1, 6, 7], Candidates), model.Score([6, 7], Candidates));
        Assert.Equal(model.Score([], Candidates), model.Score([9], Candidates));
    }

    [Theory]
    [InlineData("bert4rec-recbole", "final_layer_norm", "true")]
    [InlineData("bert4rec-recbole", "mask_id", "30")]
    [InlineData("bert4rec-codertimo", "vocab_size", "31")]
    [InlineData("bert4rec-codertimo", "num_heads", "5")]
    [InlineData("bert4rec-codertimo", "naming", "\"pmixer\"")]
    [InlineData("sasrec-gsasrec", "zero_padding_rows", "false")]
    [InlineData("sasrec-gsasrec", "padding_side", "\"right\"")]
    [InlineData("sasrec-gsasrec", "output_embedding", "\"tied\"")]
    public void A_field_that_its_code_base_does_not_allow_is_refused(string name, string field, string json)
    {
        var options = new LoadOptions { ConfigOverrides = new Dictionary<string, string> { [field] = json } };
        ModelConfigException error = Assert.Throws<ModelConfigException>(() => SequenceModel.Load(Goldens.Case(name), options));
        Assert.Equal(field, error.Field);
    }
}
