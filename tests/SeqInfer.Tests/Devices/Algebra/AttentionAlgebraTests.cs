using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Algebra;

/// <summary>What attention must satisfy whatever computes it.</summary>
public sealed class AttentionAlgebraTests
{
    private const int SampleCount = 20;
    private const float Scale = 0.5f;

    public static TheoryData<string> Devices => TestDevices.All;

    [Theory]
    [MemberData(nameof(Devices))]
    public void Without_a_mask_the_order_of_the_keys_does_not_matter(string device) => Check(device, (run, shape) =>
    {
        (Tensor query, Tensor key, Tensor value) = Inputs(run, shape);
        double[][] expected = Attend(run, shape, query, key, value, causal: false);
        Indices order = run.Ids(run.Data.Permutation(shape.Keys));
        Tensor permutedKey = run.Output(shape.Keys, shape.Hidden);
        Tensor permutedValue = run.Output(shape.Keys, shape.Hidden);
        run.Device.GatherRows(run.Workspace, key, order, permutedKey);
        run.Device.GatherRows(run.Workspace, value, order, permutedValue);
        ShouldBeClose(expected, Attend(run, shape, query, permutedKey, permutedValue, causal: false), shape);
    });

    [Theory]
    [MemberData(nameof(Devices))]
    public void One_row_and_its_multiplicity_is_that_row_repeated(string device) => Check(device, (run, shape) =>
    {
        (Tensor query, Tensor key, Tensor value) = Inputs(run, shape);
        int count = run.Data.Between(1, 30);
        Parameter keyRow = run.Data.Parameter(1, shape.Hidden);
        Parameter valueRow = run.Data.Parameter(1, shape.Hidden);
        AttentionPrefix once = Prefix(run, keyRow, valueRow, count, repeated: true);
        AttentionPrefix explicitly = Prefix(run, Repeat(keyRow, count), Repeat(valueRow, count), count, repeated: false);
        double[][] expected = Attend(run, shape, query, key, value, causal: true, explicitly);
        ShouldBeClose(expected, Attend(run, shape, query, key, value, causal: true, once), shape with { Keys = shape.Keys + count });
    });

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_prefix_is_keys_before_the_sequence(string device) => Check(device, (run, shape) =>
    {
        (Tensor query, Tensor key, Tensor value) = Inputs(run, shape);
        int count = run.Data.Between(0, shape.Keys);
        AttentionPrefix prefix = new(
            run.Keep(run.Device.Freeze(run.Workspace, key.Rows(0, count))),
            run.Keep(run.Device.Freeze(run.Workspace, value.Rows(0, count))),
            run.Ids(count),
            Repeated: false);
        (Tensor ownKey, Tensor ownValue) = (key.Rows(count, shape.Keys - count), value.Rows(count, shape.Keys - count));
        double[][] expected = Attend(run, shape, query, key, value, causal: false);
        ShouldBeClose(expected, Attend(run, shape, query, ownKey, ownValue, causal: false, prefix), shape);
    });

    [Theory]
    [MemberData(nameof(Devices))]
    public void The_newest_query_alone_is_the_last_row_of_all(string device) => Check(device, (run, shape) =>
    {
        Tensor rows = run.Input(shape.Keys, 3 * shape.Hidden);
        (Tensor query, Tensor key, Tensor value) =
            (rows.Columns(0, shape.Hidden), rows.Columns(shape.Hidden, shape.Hidden), rows.Columns(2 * shape.Hidden, shape.Hidden));
        double[][] all = Attend(run, shape, query, key, value, causal: true);
        Tensor last = query.Rows(shape.Keys - 1, 1);
        Bits.Equal(all[^1], Attend(run, shape, last, key, value, causal: true)[0]);
        Bits.Equal(all[^1], Attend(run, shape, last, key, value, causal: false)[0]);
    });

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_query_that_sees_no_key_gives_zeros(string device) => Check(device, (run, shape) =>
    {
        (Tensor query, Tensor key, Tensor value) = Inputs(run, shape);
        double[] zeros = new double[shape.Hidden];
        Assert.All(Attend(run, shape, query, key.Rows(0, 0), value.Rows(0, 0), causal: false), row => Bits.Equal(zeros, row));
        int early = Math.Max(0, shape.Queries - shape.Keys);
        Assert.All(Attend(run, shape, query, key, value, causal: true)[..early], row => Bits.Equal(zeros, row));
    });

    [Theory]
    [MemberData(nameof(Devices))]
    public void Equal_keys_give_the_mean_of_the_values(string device) => Check(device, (run, shape) =>
    {
        Tensor query = run.Input(shape.Queries, shape.Hidden);
        Tensor key = run.Input(shape.Keys, shape.Hidden, new float[shape.Keys * shape.Hidden]);
        Tensor value = run.Input(shape.Keys, shape.Hidden);
        double[][] rows = run.Rows(value);
        double[] mean = [.. Enumerable.Range(0, shape.Hidden).Select(column => rows.Average(row => row[column]))];
        double[][] actual = Attend(run, shape, query, key, value, causal: false);
        ShouldBeClose([.. Enumerable.Repeat(mean, shape.Queries)], actual, shape);
    });

    private static void Check(string device, Action<OpRun, Shape> assert) => Property.Check(
        from seed in Shapes.Seed
        from queries in Gen.Choose(1, 20)
        from keys in Gen.Frequency((3, Gen.Choose(1, 20)), (1, Gen.Choose(21, 90)))
        from heads in Gen.Choose(1, 3)
        from headSize in Gen.Choose(1, 20)
        select (seed, new Shape(queries, keys, heads, headSize)),
        sample => OpHarness.Use(TestDevices.Get(device), sample.seed, run => assert(run, sample.Item2)),
        SampleCount);

    private static (Tensor Query, Tensor Key, Tensor Value) Inputs(OpRun run, Shape shape) =>
        (run.Input(shape.Queries, shape.Hidden), run.Input(shape.Keys, shape.Hidden), run.Input(shape.Keys, shape.Hidden));

    private static double[][] Attend(
        OpRun run, Shape shape, Tensor query, Tensor key, Tensor value, bool causal, AttentionPrefix? prefix = null)
    {
        Tensor output = run.Workspace.Take(query.RowCount, shape.Hidden);
        AttentionSpec spec = new(run.Ragged(query.RowCount), run.Ragged(key.RowCount), shape.Heads, Scale, causal, prefix);
        run.Device.Attention(run.Workspace, query, key, value, spec, output);
        return run.Rows(output);
    }

    private static AttentionPrefix Prefix(OpRun run, Parameter keys, Parameter values, int count, bool repeated) => new(
        run.Make(device => device.CreateTable(keys)), run.Make(device => device.CreateTable(values)), run.Ids(count), repeated);

    private static Parameter Repeat(Parameter row, int count) => Parameter.ConcatRows("repeated", [.. Enumerable.Repeat(row, count)]);

    private static void ShouldBeClose(double[][] expected, double[][] actual, Shape shape)
    {
        OpTolerance tolerance = OpTolerance.Attention(shape.HeadSize, shape.Keys);
        for (int row = 0; row < expected.Length; row++)
            tolerance.Tolerance.Check(expected[row], Array.ConvertAll(actual[row], value => (float)value), $"row {row}", tolerance.Range);
    }

    private readonly record struct Shape(int Queries, int Keys, int Heads, int HeadSize)
    {
        public int Hidden => Heads * HeadSize;
    }
}
