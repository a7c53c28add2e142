using SeqInfer.Bench.Recording;

namespace SeqInfer.Bench.Tests.Recording;

/// <summary>Row numbers that pair every row of one matrix with every row of another.</summary>
public class PairRowsTests
{
    [Fact]
    public void Rows_are_repeated_one_by_one_or_all_at_once()
    {
        Assert.Equal(new PairRows(3, IsOuter: true), PairRows.Find([0, 0, 0, 1, 1, 1], 2));
        Assert.Equal(new PairRows(2, IsOuter: false), PairRows.Find([0, 1, 2, 0, 1, 2], 3));
    }

    [Theory]
    [InlineData(2, 0, 1)]
    [InlineData(2, 0, 0, 1)]
    [InlineData(2, 0, 1, 1, 0)]
    [InlineData(3, 0, 1, 2, 0, 1, 1)]
    [InlineData(0)]
    public void Others_are_neither(int rowCount, params int[] rows) => Assert.Null(PairRows.Find(rows, rowCount));
}
