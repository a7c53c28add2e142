using SeqInfer.Tensors;

namespace SeqInfer.Tests.Tensors;

/// <summary>Windows of integers and offsets of sequences.</summary>
public sealed class IndicesTests
{
    private static readonly Indices Window = new(10, 5);

    [Fact]
    public void Slices()
    {
        Assert.Equal(new Indices(12, 3), Window.Slice(2, 3));
        Assert.Equal(new Indices(15, 0), Window.Slice(5, 0));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 6)]
    [InlineData(6, 0)]
    [InlineData(3, -1)]
    [InlineData(2, int.MaxValue)]
    public void A_slice_outside_the_window(int start, int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Window.Slice(start, count));

    [Fact]
    public void Equality_is_place_and_length()
    {
        Assert.True(Window == new Indices(10, 5));
        Assert.True(Window != new Indices(10, 4));
        Assert.False(Window.Equals((object)10));
        Assert.Equal(Window.GetHashCode(), new Indices(10, 5).GetHashCode());
        Assert.Equal("int[5]", Window.ToString());
    }

    [Fact]
    public void Sequences_know_their_number()
    {
        Ragged sequences = new(new Indices(0, 4), 9, 5);
        Assert.Equal(3, sequences.Count);
        Assert.Equal(9, sequences.RowCount);
        Assert.Equal(5, sequences.Longest);
        Assert.Equal(0, new Ragged(new Indices(0, 1), 0, 0).Count);
    }

    [Fact]
    public void Equality_of_sequences()
    {
        Ragged sequences = new(new Indices(0, 4), 9, 5);
        Assert.True(sequences == new Ragged(new Indices(0, 4), 9, 5));
        Assert.True(sequences != new Ragged(new Indices(0, 4), 9, 6));
        Assert.True(sequences != new Ragged(new Indices(1, 4), 9, 5));
        Assert.False(sequences.Equals((object)9));
        Assert.Equal(sequences.GetHashCode(), new Ragged(new Indices(0, 4), 9, 5).GetHashCode());
    }
}
