using SeqInfer.Features;

namespace SeqInfer.Tests.Features;

public sealed class LeaveOneOutSplitTests
{
    private static readonly UserSequences Sequences = UserSequences.FromRagged([0, 3, 4, 4, 8], [11, 12, 13, 21, 41, 42, 43, 44]);

    [Fact]
    public void The_last_event_is_the_target_of_a_test()
    {
        var split = new LeaveOneOutSplit(Sequences);
        Assert.Equal(2, split.Count);
        Assert.Equal([1, 4], (int[])[split.User(0), split.User(1)]);
        Assert.Equal([11, 12], split.History(0).ToArray());
        Assert.Equal(13, split.Target(0));
        Assert.Equal([41, 42, 43], split.History(1).ToArray());
        Assert.Equal(44, split.Target(1));
    }

    [Fact]
    public void The_one_before_is_that_of_a_validation()
    {
        var split = new LeaveOneOutSplit(Sequences, newer: 1);
        Assert.Equal([11], split.History(0).ToArray());
        Assert.Equal(12, split.Target(0));
        Assert.Equal([41, 42], split.History(1).ToArray());
        Assert.Equal(43, split.Target(1));
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 1, 2 })]
    [InlineData(new[] { 0, 1 })]
    [InlineData(new[] { 0, 2, 1, 2 })]
    public void Offsets_of_another_form_are_an_error(int[] offsets) =>
        Assert.Throws<ArgumentException>(() => UserSequences.FromRagged(offsets, [5, 6]));
}
