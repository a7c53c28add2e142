using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Devices.Algebra;

/// <summary>A sequence's result does not depend on the sequences around it, bit for bit; a causal one not on later rows either.</summary>
public sealed class SequenceInvarianceTests
{
    private const int SampleCount = 12;

    public static TheoryData<string> Operations => SequenceOps.Names;

    public static TheoryData<string> CausalOperations => ["Causal attention", "RnnTanh", "Lstm"];

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_batch_is_its_sequences_one_by_one(string operation) => ForAllDevices(operation, (_, input, lengths, function) =>
    {
        double[][][] together = function(input, lengths);
        int start = 0;
        for (int s = 0; s < lengths.Length; start += lengths[s++])
            Bits.Equal(together[s], function(input.Rows(start, lengths[s]), [lengths[s]])[0]);
    });

    [Theory]
    [MemberData(nameof(Operations))]
    public void Permuted_sequences_give_the_permuted_result(string operation) => ForAllDevices(operation, (run, input, lengths, function) =>
    {
        int[] order = run.Data.Permutation(lengths.Length);
        int[] rows = [.. order.SelectMany(s => Enumerable.Range(lengths[..s].Sum(), lengths[s]))];
        Tensor permuted = run.Output(input.RowCount, input.ColumnCount);
        run.Device.GatherRows(run.Workspace, input, run.Ids(rows), permuted);
        double[][][] expected = function(input, lengths);
        double[][][] actual = function(permuted, [.. order.Select(s => lengths[s])]);
        for (int i = 0; i < order.Length; i++)
            Bits.Equal(expected[order[i]], actual[i]);
    });

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_sequence_of_NaN_spoils_no_other(string operation) => ForAllDevices(operation, (run, input, lengths, function) =>
    {
        double[][][] expected = function(input, lengths);
        int spoilt = run.Data.Between(0, lengths.Length - 1);
        float[] nothing = new float[lengths[spoilt] * input.ColumnCount];
        Array.Fill(nothing, float.NaN);
        run.Device.Write(run.Workspace, nothing, input.Rows(lengths[..spoilt].Sum(), lengths[spoilt]));
        double[][][] actual = function(input, lengths);
        for (int s = 0; s < lengths.Length; s++)
        {
            if (s != spoilt)
                Bits.Equal(expected[s], actual[s]);
        }
    });

    [Theory]
    [MemberData(nameof(CausalOperations))]
    public void Earlier_rows_do_not_change_when_later_ones_follow(string operation) => ForAllDevices(operation, (run, input, lengths, function) =>
    {
        int length = lengths.Max();
        int start = lengths[..Array.IndexOf(lengths, length)].Sum();
        int shorter = run.Data.Between(0, length);
        double[][] all = function(input.Rows(start, length), [length])[0];
        double[][] part = function(input.Rows(start, shorter), [shorter])[0];
        Bits.Equal(all[..shorter], part[..shorter]);
    });

    private static void ForAllDevices(string operation, Action<OpRun, Tensor, int[], SequenceFunction> assert) => Property.Check(
        SequenceOps.Samples,
        sample =>
        {
            foreach (Device device in TestDevices.Cpu)
            {
                OpHarness.Use(device, sample.Seed, run => assert(
                    run,
                    run.Input(sample.Lengths.Sum(), sample.Columns),
                    sample.Lengths,
                    SequenceOps.Get(operation, run, sample.Columns)));
            }
        },
        SampleCount);
}
