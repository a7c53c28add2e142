using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Tensors;

/// <summary>Windows: slices, overlaps and equality.</summary>
public sealed class TensorTests
{
    private static readonly Tensor Window = new(100, 4, 6, 10);

    [Fact]
    public void Rows_keep_columns_and_stride()
    {
        Assert.Equal(new Tensor(120, 2, 6, 10), Window.Rows(2, 2));
        Assert.Equal(new Tensor(100, 4, 6, 10), Window.Rows(0, 4));
        Assert.Equal(24, Window.ElementCount);
        Assert.Equal(136, Window.End);
    }

    [Fact]
    public void Columns_keep_rows_and_stride()
    {
        Assert.Equal(new Tensor(102, 4, 3, 10), Window.Columns(2, 3));
        Assert.Equal(new Tensor(105, 4, 1, 10), Window.Columns(5, 1));
        Assert.Equal(new Tensor(123, 1, 2, 10), Window.Columns(3, 2).Rows(2, 1));
    }

    /// <summary>Otherwise an empty slice at the end of an arena would lie outside of it.</summary>
    [Fact]
    public void An_empty_slice_lies_where_its_window_begins()
    {
        Assert.Equal(new Tensor(100, 0, 6, 10), Window.Rows(4, 0));
        Assert.Equal(new Tensor(100, 4, 0, 10), Window.Columns(6, 0));
        Assert.True(Window.Rows(4, 0).IsEmpty);
        Assert.True(Window.Columns(6, 0).IsEmpty);
        Assert.Equal(100, Window.Rows(4, 0).End);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 7)]
    [InlineData(5, 2)]
    [InlineData(7, 0)]
    [InlineData(0, -1)]
    [InlineData(1, int.MaxValue)]
    [InlineData(int.MaxValue, 1)]
    public void A_slice_outside_the_window(int start, int count)
    {
        Tensor square = new(0, 6, 6, 6);
        Assert.Throws<ArgumentOutOfRangeException>(() => square.Rows(start, count));
        Assert.Throws<ArgumentOutOfRangeException>(() => square.Columns(start, count));
    }

    [Fact]
    public void Large_windows_do_not_overflow()
    {
        Tensor large = new(1L << 40, 100_000, 90_000, 100_000);
        Assert.Equal(9_000_000_000, large.ElementCount);
        Assert.Equal((1L << 40) + 9_999_900_000, large.Rows(99_999, 1).Offset);
        Assert.Equal((1L << 40) + 9_999_990_000, large.End);
    }

    [Fact]
    public void Equality_is_place_and_shape()
    {
        Assert.True(Window == new Tensor(100, 4, 6, 10));
        Assert.True(Window != new Tensor(101, 4, 6, 10));
        Assert.False(Window.Equals(new Tensor(100, 4, 6, 11)));
        Assert.False(Window.Equals((object)"[4, 6]"));
        Assert.Equal(Window.GetHashCode(), new Tensor(100, 4, 6, 10).GetHashCode());
        Assert.True(Window.HasShapeOf(new Tensor(0, 4, 6, 6)));
        Assert.False(Window.HasShapeOf(new Tensor(0, 6, 4, 6)));
        Assert.Equal("[4, 6]", Window.ToString());
    }

    /// <summary>Of windows with one stride that do not wrap around it, exactly those overlap that have an element in common.</summary>
    [Fact]
    public void Windows_of_one_matrix_overlap_where_they_share_an_element() => Property.Check(
        from left in Part
        from right in Part
        select (left, right),
        pair => Assert.Equal(Elements(pair.left).Overlaps(Elements(pair.right)), pair.left.Overlaps(pair.right)),
        count: 500);

    /// <summary>Windows of other strides may be taken to overlap when they do not, never the other way round.</summary>
    [Fact]
    public void Windows_that_share_an_element_always_overlap() => Property.Check(
        from left in Any
        from right in Any
        select (left, right),
        pair => Assert.True(!Elements(pair.left).Overlaps(Elements(pair.right)) || pair.left.Overlaps(pair.right)),
        count: 500);

    [Fact]
    public void Windows_one_after_the_other_are_apart()
    {
        Assert.False(new Tensor(0, 2, 8, 8).Overlaps(new Tensor(16, 2, 8, 16)));
        Assert.False(new Tensor(16, 2, 8, 16).Overlaps(new Tensor(0, 2, 8, 8)));
        Assert.True(new Tensor(0, 2, 8, 8).Overlaps(new Tensor(15, 2, 8, 16)));
    }

    private static Gen<Tensor> Part =>
        from row in Gen.Choose(0, 5)
        from rows in Gen.Choose(0, 6 - row)
        from column in Gen.Choose(0, 7)
        from columns in Gen.Choose(0, 8 - column)
        select new Tensor(40, 6, 8, 8).Rows(row, rows).Columns(column, columns);

    private static Gen<Tensor> Any =>
        from offset in Gen.Choose(0, 40)
        from rows in Gen.Choose(0, 5)
        from columns in Gen.Choose(0, 7)
        from gap in Gen.Choose(0, 4)
        select new Tensor(offset, rows, columns, columns + gap);

    private static HashSet<long> Elements(Tensor window) =>
    [
        .. from row in Enumerable.Range(0, window.RowCount)
           from column in Enumerable.Range(0, window.ColumnCount)
           select window.Offset + (row * window.Stride) + column,
    ];
}
