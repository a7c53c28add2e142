using SeqInfer.Cli;
using SeqInfer.Cli.Data;
using SeqInfer.Cli.Evaluation;

namespace SeqInfer.Tests.Evaluation;

public sealed class NegativeSamplerTests
{
    private static readonly EvaluationSet Set = new(
        "test",
        new Dictionary<string, RowSource> { [EvaluationSet.HistoryInput] = IdRows.FromLists([[3, 4, 4], [], [1, 2, 3, 4, 5, 6, 7, 8]]) },
        IdRows.FromLists([[9], [1], [10]]));

    [Fact]
    public void Targets_come_first_and_negatives_are_neither_seen_nor_repeated()
    {
        IdRows rows = new NegativeSampler(5, 7).Draw(Set, 1, 40);
        Assert.Equal(3, rows.RowCount);
        for (int user = 0; user < rows.RowCount; user++)
        {
            int[] row = rows[user].ToArray();
            Assert.Equal(6, row.Length);
            Assert.Equal(Set.Targets[user][0], row[0]);
            Assert.Equal(6, row.Distinct().Count());
            Assert.Empty(row.Intersect(Set.SeenBy(user).ToArray()));
            Assert.All(row, item => Assert.InRange(item, 1, 40));
        }
    }

    [Fact]
    public void All_that_is_left_where_there_are_fewer()
    {
        IdRows rows = new NegativeSampler(5, 7).Draw(Set, 1, 10);
        Assert.Equal([10, 9], rows[2].ToArray());
        Assert.Equal(6, rows[0].Length);
    }

    // The protocol is fixed: figures of one seed can be compared between machines and versions.
    [Fact]
    public void A_seed_gives_the_same_draw_everywhere()
    {
        IdRows rows = new NegativeSampler(4, 42).Draw(Set, 1, 1000);
        Assert.Equal(rows[1].ToArray(), new NegativeSampler(4, 42).Draw(Set, 1, 1000)[1].ToArray());
        Assert.NotEqual(rows[1].ToArray(), new NegativeSampler(4, 43).Draw(Set, 1, 1000)[1].ToArray());
        Assert.Equal(Drawn(42, user: 1, count: 4, items: 1000), rows[1][1..].ToArray());
    }

    [Fact]
    public void Draws_are_even()
    {
        const int Users = 2000;
        const int Items = 20;
        var set = new EvaluationSet("test", new Dictionary<string, RowSource>(), IdRows.FromMatrix(Users, 1, [.. Enumerable.Repeat(1, Users)]));
        IdRows rows = new NegativeSampler(5, 1).Draw(set, 1, Items);
        int[] counts = new int[Items + 1];
        for (int user = 0; user < Users; user++)
        {
            foreach (int item in rows[user][1..])
                counts[item]++;
        }

        // 5 of 19 items for each user: the mean is 526, four standard deviations are 79.
        Assert.All(counts[2..], count => Assert.InRange(count, 526 - 79, 526 + 79));
    }

    [Fact]
    public void Several_targets_are_an_error()
    {
        EvaluationSet set = Set with { Targets = IdRows.FromLists([[9], [1, 2], [10]]) };
        Assert.Contains("user 1 has 2 items", Assert.Throws<CliException>(() => new NegativeSampler(5, 1).Draw(set, 1, 20)).Message, StringComparison.Ordinal);
    }

    // SplitMix64, from the seed plus the user's place in steps of the golden ratio, as the help says; nothing is seen and 1 is the target.
    private static int[] Drawn(ulong seed, int user, int count, int items)
    {
        const ulong Golden = 0x9E3779B97F4A7C15;
        ulong state = Mix(seed + (Golden * (ulong)(user + 1)));
        List<int> drawn = [];
        while (drawn.Count < count)
        {
            state += Golden;
            int item = 1 + (int)(ulong)(((UInt128)Mix(state) * (ulong)items) >> 64);
            if (item != 1 && !drawn.Contains(item))
                drawn.Add(item);
        }

        return [.. drawn];

        static ulong Mix(ulong z)
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
