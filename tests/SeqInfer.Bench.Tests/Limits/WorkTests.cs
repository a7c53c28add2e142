using SeqInfer.Bench.Limits;
using SeqInfer.Bench.Models;

namespace SeqInfer.Bench.Tests.Limits;

/// <summary>Counted work, against what the formulas say.</summary>
public class WorkTests
{
    private static readonly MachineLimits Limits = new(1, new CacheSizes(32 << 10, 1 << 20, 32 << 20), 100, 40, 30, 20, 10);

    [Fact]
    public void A_dense_net_multiplies_every_weight_once_a_row()
    {
        Work work = Count(Zoo.Dense("mlp", 6, 9, 5, 1), 3);
        double weights = (6 * 9) + (9 * 5) + 5;
        Assert.Equal(2 * 3 * weights, work.Flops);
        Assert.Equal(4 * weights, work.Bytes);
        Assert.Equal(4 * weights, work.WeightBytes);
    }

    [Fact]
    public void A_recurrent_layer_reads_its_recurrent_weights_at_every_step()
    {
        Work work = Count(Zoo.Recurrent("gru", "gru", 5, 7, 1, 6, items: 40), 2);
        double input = 3 * 7 * 5;
        double hidden = 3 * 7 * 7;
        double output = 7 * 5;
        Assert.Equal(2 * 2 * ((6 * (input + hidden)) + output), work.Flops);
        Assert.Equal(4 * (input + (6 * hidden) + output), work.Bytes);
        Assert.Equal(4 * (input + hidden + output), work.WeightBytes);
    }

    [Fact]
    public void Causal_attention_counts_the_keys_that_a_query_sees_and_the_last_block_one_query()
    {
        Work work = Count(Zoo.SasRec("sasrec", 8, 2, 2, 5, items: 40), 1);
        double matrix = 8 * 8;
        double first = (2 * 5 * 6 * matrix) + (4 * 15 * 8);

        // The newest row is carried to the others: query, keys, values, output and two layers behind them; both heads ask with 8 columns
        double last = (2 * 6 * matrix) + (4 * 5 * 2 * 8);
        Assert.Equal(first + last, work.Flops);
    }

    [Theory]
    [InlineData("bf16", 2)]
    [InlineData("int8", 1)]
    public void Reduced_weights_are_read_faster(string weights, int bytes)
    {
        BenchModel bench = Zoo.Dense("mlp", 6, 9, 5, 1);
        Work full = Count(bench, 3);
        Work work = WorkCounter.Count(bench, 3, request => bench.Fill(request, 3, new Random(1)), weights);
        Assert.Equal(full.Flops, work.Flops);
        Assert.Equal(full.Bytes * bytes / 4, work.Bytes);
        Assert.Equal(full.WeightBytes * bytes / 4, work.WeightBytes);
    }

    [Fact]
    public void Integers_are_multiplied_at_their_own_rate()
    {
        MachineLimits limits = Limits with { IntegerOperationsPerSecond = 400 };
        Assert.Equal(10, new OperationWork(4000, 1, IsInteger: true).ArithmeticSeconds(limits));
        Assert.Equal(40, new OperationWork(4000, 1, IsInteger: true).ArithmeticSeconds(Limits));
    }

    [Fact]
    public void A_graph_costs_a_multiply_add_for_each_element_of_each_message()
    {
        BenchModel bench = Zoo.Gcn("gcn", 50, 4, 6, 6, 6);
        double edges = bench.Data.Ids("edges.sources", out int rows, out _).Length + 50;
        Work work = Count(bench, 1);
        Assert.Equal(200, rows);

        // Edges that stand there twice count once.
        Assert.InRange(work.Flops, 2 * 2 * ((50 * 36) + (50 * 6)), 2 * 2 * ((50 * 36) + (edges * 6)));
    }

    [Fact]
    public void An_operation_is_bound_by_what_takes_longer()
    {
        var work = new Work([new OperationWork(1000, 30), new OperationWork(100, 300)], 64 << 10);

        // From L2: 10 s of arithmetic, then 10 s of reading.
        Assert.Equal(20, work.LimitSeconds(Limits), 12);
        Assert.Equal("L2", Limits.LevelOf(work.WeightBytes));
    }

    [Theory]
    [InlineData(1 << 10, 40)]
    [InlineData(32 << 10, 30)]
    [InlineData(2 << 20, 20)]
    [InlineData(64 << 20, 10)]
    public void Weights_come_from_the_smallest_cache_that_holds_them_with_room(long bytes, double expected) =>
        Assert.Equal(expected, Limits.BytesPerSecond(bytes));

    [Fact]
    public void A_rate_is_measured_once_for_sizes_that_hardly_differ()
    {
        List<long> sizes = [];
        MachineLimits limits = Limits with
        {
            Read = bytes =>
            {
                sizes.Add(bytes);
                return 7;
            },
        };
        Assert.Equal([7, 7, 7], new[] { 5_000_000, 5_000_001, 4_900_000 }.Select(bytes => limits.BytesPerSecond(bytes)));
        Assert.InRange(Assert.Single(sizes), 5_000_001, 5_000_001 * 9 / 8);
        Assert.Equal(Limits.Memory, limits.BytesPerSecond(1L << 30));
    }

    private static Work Count(BenchModel bench, int batch) =>
        WorkCounter.Count(bench, batch, request => bench.Fill(request, batch, new Random(1)));
}
