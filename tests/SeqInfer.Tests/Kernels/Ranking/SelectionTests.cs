using SeqInfer.Kernels.Ranking;

namespace SeqInfer.Tests.Kernels.Ranking;

/// <summary>The parts of top-K that know no vectors.</summary>
public sealed unsafe class SelectionTests
{
    public static TheoryData<string> Orders => ["random", "ascending", "descending", "organ pipe", "equal scores"];

    [Theory, MemberData(nameof(Orders))]
    public void The_largest_come_first(string order)
    {
        for (int count = 1; count <= 200; count += 1 + (count / 10))
        {
            for (int k = 1; k <= count; k += 1 + (count / 20))
            {
                long[] keys = Keys(order, count);
                long[] expected = [.. keys.OrderDescending().Take(k)];
                fixed (long* p = keys) Selection.LargestFirst(p, count, k);
                Assert.Equal(expected[^1], keys[k - 1]);
                Assert.Equal(expected, keys.Take(k).OrderDescending());
                Assert.Equal(Keys(order, count).Order(), keys.Order());
            }
        }
    }

    [Fact]
    public void Keys_sort_as_a_ranking_and_give_score_and_id_back()
    {
        float[] ascending = [float.NegativeInfinity, float.MinValue, -1f, -float.Epsilon, 0f, float.Epsilon, 1f, float.MaxValue, float.PositiveInfinity];
        long[] keys = [.. ascending.SelectMany(score => new[] { int.MaxValue, 7, 0 }.Select(id => TopKKey.Of(score, id)))];
        Assert.Equal(keys.Order(), keys);
        Assert.Equal(keys.Distinct(), keys);
        Assert.All(ascending, score => Assert.Equal(score, TopKKey.Score(TopKKey.Of(score, 7))));
        Assert.All(new[] { 0, 7, int.MaxValue }, id => Assert.Equal(id, TopKKey.Id(TopKKey.Of(-1f, id))));
        Assert.Equal(TopKKey.Of(0f, 3), TopKKey.Of(-0f, 3));
    }

    [Fact]
    public void A_set_holds_the_ids_of_the_catalogue_and_no_others()
    {
        Random random = new(1);
        for (int count = 0; count < 300; count++)
        {
            int[] ids = [.. Enumerable.Range(0, count).Select(_ => random.Next(-5, 2 * count))];
            int[] slots = [.. Enumerable.Repeat(42, IdSet.RoomFor(count))];
            fixed (int* p = ids, s = slots)
            {
                IdSet set = new(p, count, itemCount: count, s);
                for (int id = 0; id < count; id++) Assert.Equal(ids.Contains(id), set.Contains(id));
            }
        }
    }

    private static long[] Keys(string order, int count) => [.. Enumerable.Range(0, count).Select(i => TopKKey.Of(
        order switch
        {
            "random" => Samples.Normal(1, i)[0],
            "ascending" => i,
            "descending" => -i,
            "organ pipe" => -Math.Abs(i - (count / 2)),
            _ => 1f,
        },
        i))];
}
