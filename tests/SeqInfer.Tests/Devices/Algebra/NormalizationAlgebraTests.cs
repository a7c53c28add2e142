using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Algebra;

/// <summary>What normalisations must satisfy whatever computes them.</summary>
public sealed class NormalizationAlgebraTests
{
    private const int SampleCount = 25;

    // Means and variances of up to 256 values in single precision, each of which is off by some units in the last place.
    private const double MomentError = 2e-5;

    public static TheoryData<string> Devices => TestDevices.All;

    [Theory]
    [MemberData(nameof(Devices))]
    public void Softmax_rows_sum_to_one_and_keep_the_order(string device) => Check(device, (run, input) =>
    {
        Tensor output = run.Output(input.RowCount, input.ColumnCount);
        run.Device.Softmax(run.Workspace, input, output);
        foreach ((double[] x, double[] y) in run.Rows(input).Zip(run.Rows(output)))
        {
            Assert.Equal(1, y.Sum(), 1e-6);
            Assert.All(y, value => Assert.InRange(value, 0, 1));
            Array.Sort(x, y);
            Assert.Equal(y.Order(), y);
        }
    });

    [Theory]
    [MemberData(nameof(Devices))]
    public void Softmax_does_not_see_a_shift_that_is_exact(string device) => Check(device, (run, input) =>
    {
        float[] whole = run.Data.WholeValues((int)input.ElementCount, 20);
        Tensor plain = run.Input(input.RowCount, input.ColumnCount, whole);
        Tensor shifted = run.Input(input.RowCount, input.ColumnCount, Array.ConvertAll(whole, value => value + 1000));
        Tensor expected = run.Output(input.RowCount, input.ColumnCount);
        Tensor actual = run.Output(input.RowCount, input.ColumnCount);
        run.Device.Softmax(run.Workspace, plain, expected);
        run.Device.Softmax(run.Workspace, shifted, actual);
        Bits.Equal(run.Rows(expected), run.Rows(actual));
    });

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_softmax_that_hides_everything_is_zeros(string device) => Check(device, (run, input) =>
    {
        float[] nothing = new float[input.ElementCount];
        Array.Fill(nothing, float.NegativeInfinity);
        Tensor hidden = run.Input(input.RowCount, input.ColumnCount, nothing);
        Tensor output = run.Output(input.RowCount, input.ColumnCount);
        run.Device.Softmax(run.Workspace, hidden, output);
        Assert.All(run.Rows(output), row => Assert.All(row, value => Assert.Equal(0, value)));
        run.Device.Softmax(run.Workspace, hidden, output, log: true);
        Assert.All(run.Rows(output), row => Assert.All(row, value => Assert.Equal(double.NegativeInfinity, value)));
    });

    [Theory]
    [MemberData(nameof(Devices))]
    public void Layer_norm_rows_have_the_mean_beta_and_the_variance_gamma_squared(string device) => Check(device, (run, input) =>
    {
        int columns = input.ColumnCount;
        const double Gamma = 1.5;
        const double Beta = -0.25;
        foreach (LayerNormKind kind in Enum.GetValues<LayerNormKind>())
        {
            Parameter gamma = Parameter.FromValues("gamma", 1, columns, Enumerable.Repeat(Gamma, columns).ToArray());
            Parameter beta = Parameter.FromValues("beta", 1, columns, Enumerable.Repeat(Beta, columns).ToArray());
            LayerNormWeights weights = run.Make(created => created.CreateLayerNorm(gamma, beta, 0, kind));
            Tensor output = run.Output(input.RowCount, columns);
            run.Device.LayerNorm(run.Workspace, input, weights, output);
            int count = kind == LayerNormKind.UnbiasedStd ? columns - 1 : columns;
            foreach (double[] row in run.Rows(output))
            {
                Assert.Equal(Beta, row.Average(), MomentError);
                Assert.Equal(Gamma * Gamma, row.Sum(value => (value - Beta) * (value - Beta)) / count, MomentError * 10);
            }
        }
    });

    [Theory]
    [MemberData(nameof(Devices))]
    public void L2_normalised_rows_have_length_one_or_stay_zero(string device) => Check(device, (run, input) =>
    {
        run.Device.Write(run.Workspace, new float[input.ColumnCount], input.Rows(0, 1));
        Tensor output = run.Output(input.RowCount, input.ColumnCount);
        run.Device.NormalizeL2(run.Workspace, input, output);
        double[][] rows = run.Rows(output);
        Assert.All(rows[0], value => Assert.Equal(0, value));
        Assert.All(rows[1..], row => Assert.Equal(1, row.Sum(value => value * value), 1e-6));
    });

    private static void Check(string device, Action<OpRun, Tensor> assert) => Property.Check(
        from seed in Shapes.Seed
        from rows in Gen.Choose(1, 9)
        from columns in Gen.OneOf(Gen.Choose(3, 40), Gen.Choose(41, 256))
        select (seed, rows, columns),
        sample => OpHarness.Use(TestDevices.Get(device), sample.seed, run => assert(run, run.Input(sample.rows, sample.columns))),
        SampleCount);
}
