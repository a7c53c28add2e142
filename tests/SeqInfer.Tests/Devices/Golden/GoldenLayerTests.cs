using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;

namespace SeqInfer.Tests.Devices.Golden;

/// <summary>Linear layers, layer norms and pooling against PyTorch.</summary>
public sealed class GoldenLayerTests
{
    // Inputs and weights are standard normal, so products reach about 10; weights of a layer are divided by the root of its inputs.
    private const double LargestProduct = 10;

    // Values are standard normal.
    private const double LargestValue = 4;

    public static TheoryData<string, string> LinearCases => GoldenFile.OnEveryDevice("linear", TestDevices.Names);

    public static TheoryData<string, string> LayerNormCases => GoldenFile.OnEveryDevice("layer_norm", TestDevices.Names);

    public static TheoryData<string, string> PoolingCases => GoldenFile.OnEveryDevice("pooling", TestDevices.Names);

    [Theory]
    [MemberData(nameof(LinearCases))]
    public void Linear(string device, string name)
    {
        using GoldenRun run = new(device);
        GoldenCase golden = GoldenFile.Open("linear")[name];
        LinearWeights weights = run.Keep(run.Device.CreateLinear(golden.Matrix("weight"), golden.OptionalMatrix("bias")));
        Tensor input = run.Input(golden, "x");
        Tensor? residual = golden.Has("residual") ? run.Input(golden, "residual") : null;
        Tensor output = run.Workspace.Take(input.RowCount, weights.OutputSize);
        run.Device.Linear(run.Workspace, input, weights, output, ActivationNames.Parse(golden, "activation"), residual);
        OpTolerance tolerance = OpTolerance.Sum(weights.InputSize + 2, LargestProduct / Math.Sqrt(weights.InputSize));
        run.ShouldBe(golden.Doubles("y"), output, tolerance, GoldenRun.PrecisionWith(golden.OptionalValue("alpha") ?? 0));
    }

    [Theory]
    [MemberData(nameof(LayerNormCases))]
    public void LayerNorm(string device, string name)
    {
        using GoldenRun run = new(device);
        GoldenCase golden = GoldenFile.Open("layer_norm")[name];
        Tensor input = run.Input(golden, "x");
        Check(LayerNormKind.Standard, "y");
        if (golden.Has("unbiased_std_y"))
            Check(LayerNormKind.UnbiasedStd, "unbiased_std_y");

        void Check(LayerNormKind kind, string role)
        {
            LayerNormWeights weights = run.Keep(
                run.Device.CreateLayerNorm(golden.Matrix("weight"), golden.Matrix("bias"), golden.Value("eps"), kind));
            Tensor output = run.Workspace.Take(input.RowCount, input.ColumnCount);
            run.Device.LayerNorm(run.Workspace, input, weights, output);
            run.ShouldBe(golden.Doubles(role), output, new OpTolerance(Infrastructure.Tolerance.Close, Amplification(golden, kind)));
        }
    }

    [Theory]
    [MemberData(nameof(PoolingCases))]
    public void Pooling(string device, string name)
    {
        using GoldenRun run = new(device);
        GoldenCase golden = GoldenFile.Open("pooling")[name];
        int[] ids = golden.Integers("ids");
        int[] offsets = golden.Integers("offsets");
        int[] lengths = [.. offsets.Zip(offsets.Skip(1), (start, end) => end - start)];
        Table table = run.Keep(run.Device.CreateTable(golden.Matrix("table")));
        Tensor rows = run.Workspace.Take(ids.Length, table.ColumnCount);
        run.Device.Embed(run.Workspace, run.Ids(ids), table, rows);
        Ragged sequences = run.Ragged(lengths);
        Tensor output = run.Workspace.Take(lengths.Length, table.ColumnCount);
        foreach ((PoolKind kind, string role) in new[] { (PoolKind.Sum, "sum"), (PoolKind.Mean, "mean"), (PoolKind.Max, "max") })
        {
            run.Device.Pool(run.Workspace, rows, sequences, kind, output);
            run.ShouldBe(golden.Doubles(role), output, OpTolerance.Sum(sequences.Longest, LargestValue));
        }
    }

    /// <summary>The largest ratio of a value to the deviation it is divided by: what rounding errors of the mean grow by.</summary>
    private static double Amplification(GoldenCase golden, LayerNormKind kind)
    {
        double[] values = golden.Doubles("x");
        int columns = golden.Shape("x")[1];
        double epsilon = golden.Value("eps");
        double largest = 1;
        foreach (double[] row in values.Chunk(columns))
        {
            double mean = row.Average();
            double variance = row.Sum(value => (value - mean) * (value - mean)) / row.Length;
            double deviation = kind == LayerNormKind.Standard ? Math.Sqrt(variance + epsilon) : Math.Sqrt(variance) + epsilon;
            largest = Math.Max(largest, row.Max(Math.Abs) / deviation);
        }

        return largest;
    }
}
