using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Golden;

/// <summary>Multi-head attention with its projections against nn.MultiheadAttention, the padded batches as ragged ones.</summary>
public sealed class GoldenAttentionTests
{
    // Projections of standard normal rows have a deviation of about 1.5 and reach 6.
    private const double LargestProjection = 6;

    public static TheoryData<string, string> Cases => GoldenFile.OnEveryDevice("attention", TestDevices.Names);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Ragged_sequences(string device, string name)
    {
        GoldenCase golden = GoldenFile.Open("attention")[name];
        int[] shape = golden.Shape("x");
        (int batch, int steps, int size) = (shape[0], shape[1], shape[2]);
        Slots[] parts = golden.Flag("key_padding_mask") ? RealSlots(golden, steps) : [.. Enumerable.Repeat(new Slots(0, steps), batch)];

        using GoldenRun run = new(device);
        Tensor x = run.Input(parts.Sum(part => part.Count), size, Rows(golden.Floats("x"), parts, steps, size));
        Tensor memory = golden.Has("memory") ? run.Input(x.RowCount, size, Rows(golden.Floats("memory"), parts, steps, size)) : x;
        Tensor query = Project(run, golden, x, 0);
        Tensor key = Project(run, golden, memory, 1);
        Tensor value = Project(run, golden, memory, 2);
        Ragged sequences = run.Ragged([.. parts.Select(part => part.Count)]);
        Tensor context = run.Workspace.Take(x.RowCount, size);
        int heads = golden.Number("heads");
        AttentionSpec spec = new(sequences, sequences, heads, (float)ScaleOf(size / heads), golden.Flag("causal"));
        run.Device.Attention(run.Workspace, query, key, value, spec, context);
        LinearWeights projection = run.Keep(run.Device.CreateLinear(golden.Matrix("out_proj_weight"), golden.Matrix("out_proj_bias")));
        Tensor output = run.Workspace.Take(x.RowCount, size);
        run.Device.Linear(run.Workspace, context, projection, output);

        double precision = GoldenRun.PrecisionWith(ScaleOf(size / heads));
        run.ShouldBe(Rows(golden.Doubles("q"), parts, steps, size), query, Projected(size));
        run.ShouldBe(Rows(golden.Doubles("k"), parts, steps, size), key, Projected(size));
        run.ShouldBe(Rows(golden.Doubles("v"), parts, steps, size), value, Projected(size));
        run.ShouldBe(Rows(golden.Doubles("context"), parts, steps, size), context, Attended(size, steps), precision);
        run.ShouldBe(Rows(golden.Doubles("output"), parts, steps, size), output, Attended(size, steps), precision);
    }

    [Theory]
    [MemberData(nameof(DeviceNames))]
    public void Left_padding_that_takes_part_is_a_prefix(string device)
    {
        GoldenCase golden = GoldenFile.Open("attention")["causal_left_unmasked"];
        int[] shape = golden.Shape("x");
        (int steps, int size, int heads) = (shape[1], shape[2], golden.Number("heads"));
        Slots[] parts = RealSlots(golden, steps);
        for (int sequence = 0; sequence < parts.Length; sequence++)
        {
            using GoldenRun run = new(device);
            Tensor all = run.Input(steps, size, golden.Floats("x")[(sequence * steps * size)..((sequence + 1) * steps * size)]);
            (int padding, int real) = (parts[sequence].Start, parts[sequence].Count);
            Tensor key = Project(run, golden, all, 1);
            Tensor value = Project(run, golden, all, 2);
            AttentionPrefix prefix = new(
                run.Keep(run.Device.Freeze(run.Workspace, key.Rows(0, padding))),
                run.Keep(run.Device.Freeze(run.Workspace, value.Rows(0, padding))),
                run.Ids(padding),
                Repeated: false);
            Ragged rows = run.Ragged(real);
            Tensor query = Project(run, golden, all, 0).Rows(padding, real);
            Tensor context = run.Workspace.Take(real, size);
            AttentionSpec spec = new(rows, rows, heads, (float)ScaleOf(size / heads), Causal: true, prefix);
            run.Device.Attention(run.Workspace, query, key.Rows(padding, real), value.Rows(padding, real), spec, context);

            int start = ((sequence * steps) + padding) * size;
            double[] expected = golden.Doubles("context")[start..(start + (real * size))];
            run.ShouldBe(expected, context, Attended(size, steps), GoldenRun.PrecisionWith(ScaleOf(size / heads)));
        }
    }

    public static TheoryData<string> DeviceNames => TestDevices.All;

    private static Tensor Project(GoldenRun run, GoldenCase golden, Tensor input, int part)
    {
        int size = input.ColumnCount;
        Parameter weight = golden.Matrix("in_proj_weight").SliceRows(part * size, size);
        Parameter bias = golden.Matrix("in_proj_bias").SliceColumns(part * size, size);
        LinearWeights weights = run.Keep(run.Device.CreateLinear(weight, bias));
        Tensor output = run.Workspace.Take(input.RowCount, size);
        run.Device.Linear(run.Workspace, input, weights, output);
        return output;
    }

    private static Slots[] RealSlots(GoldenCase golden, int steps)
    {
        bool isLeft = golden.Text("padding_side") == "left";
        return Array.ConvertAll(golden.Integers("lengths"), length => new Slots(isLeft ? steps - length : 0, length));
    }

    /// <summary>The rows of the slots, sequence after sequence.</summary>
    private static T[] Rows<T>(T[] padded, Slots[] parts, int steps, int size) =>
        [.. parts.SelectMany((part, sequence) => padded.Skip(((sequence * steps) + part.Start) * size).Take(part.Count * size))];

    private static double ScaleOf(int headSize) => 1 / Math.Sqrt(headSize);

    private static OpTolerance Projected(int size) => OpTolerance.Sum(size + 1, LargestProjection);

    // Scores are sums of products up to the square of a projection; their error changes the mean of the values in proportion.
    private static OpTolerance Attended(int size, int steps) =>
        new(Infrastructure.Tolerance.Accumulated(size + steps), LargestProjection * LargestProjection);

    private readonly record struct Slots(int Start, int Count);
}
