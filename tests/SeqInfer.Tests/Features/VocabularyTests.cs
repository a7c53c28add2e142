using SeqInfer.Features;

namespace SeqInfer.Tests.Features;

public sealed class VocabularyTests
{
    [Fact]
    public void Names_get_ids_from_1_on_in_the_order_of_appearance()
    {
        var vocabulary = new Vocabulary();
        Assert.Equal([1, 2, 1, 3], (int[])[vocabulary.Add("b"), vocabulary.Add("a"), vocabulary.Add("b"), vocabulary.Add("B")]);
        Assert.Equal(3, vocabulary.Count);
        Assert.Equal(["b", "a", "B"], vocabulary.Names);
        Assert.Equal("a", vocabulary[2]);
        Assert.True(vocabulary.TryGetId("a", out int id));
        Assert.Equal(2, id);
        Assert.False(vocabulary.TryGetId("c", out _));
        Assert.True(vocabulary.TryGetName(3, out string? name));
        Assert.Equal("B", name);
        Assert.False(vocabulary.TryGetName(0, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary[4]);
    }
}
