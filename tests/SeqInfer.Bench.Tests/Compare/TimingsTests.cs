using SeqInfer.Bench.Compare;

namespace SeqInfer.Bench.Tests.Compare;

/// <summary>Quantiles, and that every side gets its turns.</summary>
public class TimingsTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 3)]
    [InlineData(0.25, 2)]
    [InlineData(0.125, 1.5)]
    [InlineData(1, 5)]
    public void A_quantile_lies_between_its_neighbours(double quantile, double expected) =>
        Assert.Equal(expected, Timings.Quantile([1, 2, 3, 4, 5], quantile), 12);

    [Fact]
    public void A_median_does_not_follow_an_outlier()
    {
        var timings = Timings.From([9, 1, 2, 1000, 3], [3]);
        Assert.Equal(3, timings.MedianMicroseconds);
        Assert.InRange(timings.TailMicroseconds, 900, 1000);
    }

    [Fact]
    public void Sides_take_turns_and_the_first_round_does_not_count()
    {
        List<int> order = [];
        var schedule = new Schedule(3, TimeSpan.Zero, TimeSpan.Zero, 2);
        Timings[] timings = Interleaved.Measure(schedule, () => Call(0), () => Call(1));

        // A turn is one call that does not count and at least as many as the schedule asks for.
        Assert.Equal([0, 1, 0, 1, 0, 1, 0, 1], Runs(order));
        Assert.All(timings, side => Assert.Equal(3, side.RoundMedians.Count));

        void Call(int side) => order.Add(side);
    }

    [Fact]
    public void Every_caller_of_a_side_runs_on_a_thread_of_its_own()
    {
        var schedule = new Schedule(2, TimeSpan.Zero, TimeSpan.FromMilliseconds(5), 1);
        HashSet<Thread> first = [];
        HashSet<Thread> second = [];
        Timings[] timings = Concurrent.Measure(schedule, [() => Note(first), () => Note(second)]);
        Assert.False(first.Overlaps(second));
        Assert.True(Assert.Single(timings).MedianMicroseconds > 0);

        static void Note(HashSet<Thread> threads) => threads.Add(Thread.CurrentThread);
    }

    private static List<int> Runs(List<int> order)
    {
        List<int> runs = [];
        foreach (int side in order)
        {
            if (runs.Count == 0 || runs[^1] != side)
                runs.Add(side);
        }

        return runs;
    }
}
