using SeqInfer.Tensors;

namespace SeqInfer.Tests.Tensors;

public class ShapeTests
{
    private const ulong TwoPow63 = 1UL << 63;

    [Fact]
    public void Text_shows_the_dimensions()
    {
        Assert.Equal("[2, 3]", new Shape(2, 3).ToString());
        Assert.Equal("[]", new Shape().ToString());
        Assert.Equal("[9223372036854775808]", Shape.FromUnsigned(TwoPow63).ToString());
    }

    [Fact]
    public void Default_is_a_scalar()
    {
        Assert.Equal(default, new Shape());
        Assert.Equal((0, 1UL), (default(Shape).Rank, default(Shape).ElementCount));
    }

    [Fact]
    public void Equality_compares_rank_and_dimensions()
    {
        Assert.True(new Shape(2, 3) == Shape.FromUnsigned(2, 3));
        Assert.Equal(new Shape(2, 3).GetHashCode(), Shape.FromUnsigned(2, 3).GetHashCode());
        Assert.True(new Shape(2, 3) != new Shape(3, 2));
        Assert.False(new Shape(2).Equals((object)new Shape(2, 1)));
    }

    [Fact]
    public void Later_change_of_the_array_does_not_show()
    {
        long[] dimensions = [2, 3];
        Shape shape = new(dimensions);
        dimensions[0] = 9;
        Assert.Equal((2UL, 3UL), (shape[0], shape[1]));
    }

    [Fact]
    public void Element_count_is_multiplied_from_the_left_and_checked()
    {
        Assert.Equal(24UL, new Shape(2, 3, 4).ElementCount);
        Assert.Equal(0UL, Shape.FromUnsigned(0, TwoPow63, TwoPow63).ElementCount);
        Assert.Equal(ulong.MaxValue, Shape.FromUnsigned(ulong.MaxValue, 1).ElementCount);
        Assert.False(Shape.FromUnsigned(TwoPow63, TwoPow63, 0).TryGetElementCount(out _));
        Assert.Throws<OverflowException>(() => Shape.FromUnsigned(TwoPow63, 2).ElementCount);
    }

    [Fact]
    public void Negative_dimension_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new Shape(2, -1));
}
