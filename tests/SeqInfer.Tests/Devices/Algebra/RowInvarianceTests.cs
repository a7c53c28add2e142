using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Devices.Algebra;

/// <summary>A row's result does not depend on the rows around it: bit for bit, whatever the size of the batch and the place in it.</summary>
public sealed class RowInvarianceTests
{
    private const int SampleCount = 12;

    public static TheoryData<string> Operations => RowOps.Names;

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_batch_is_its_rows_one_by_one(string operation) => ForAllDevices(operation, (_, input, function) =>
    {
        double[][] together = function(input);
        for (int row = 0; row < input.RowCount; row++)
            Bits.Equal(together[row], function(input.Rows(row, 1))[0]);
    });

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_part_of_a_batch_is_a_part_of_its_result(string operation) => ForAllDevices(operation, (run, input, function) =>
    {
        int start = run.Data.Between(0, input.RowCount);
        int count = run.Data.Between(0, input.RowCount - start);
        Bits.Equal(function(input)[start..(start + count)], function(input.Rows(start, count)));
    });

    [Theory]
    [MemberData(nameof(Operations))]
    public void Permuted_rows_give_the_permuted_result(string operation) => ForAllDevices(operation, (run, input, function) =>
    {
        int[] order = run.Data.Permutation(input.RowCount);
        Tensor permuted = run.Output(input.RowCount, input.ColumnCount);
        run.Device.GatherRows(run.Workspace, input, run.Ids(order), permuted);
        double[][] expected = function(input);
        Bits.Equal([.. order.Select(row => expected[row])], function(permuted));
    });

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_row_of_NaN_spoils_no_other_row(string operation) => ForAllDevices(operation, (run, input, function) =>
    {
        double[][] expected = function(input);
        int spoilt = run.Data.Between(0, input.RowCount - 1);
        float[] nothing = new float[input.ColumnCount];
        Array.Fill(nothing, float.NaN);
        run.Device.Write(run.Workspace, nothing, input.Rows(spoilt, 1));
        double[][] actual = function(input);
        for (int row = 0; row < input.RowCount; row++)
        {
            if (row != spoilt)
                Bits.Equal(expected[row], actual[row]);
        }
    });

    private static void ForAllDevices(string operation, Action<OpRun, Tensor, RowFunction> assert) => Property.Check(
        RowOps.Samples,
        sample =>
        {
            foreach (Device device in TestDevices.Cpu)
            {
                OpHarness.Use(device, sample.Seed, run =>
                    assert(run, run.Input(sample.Rows, sample.Columns), RowOps.Get(operation, run, sample.Columns)));
            }
        },
        SampleCount);
}
