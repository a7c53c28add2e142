using SeqInfer.Devices;
using SeqInfer.Gpu.Tests.Infrastructure;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Devices.Ops;

namespace SeqInfer.Gpu.Tests.Devices;

/// <summary>
/// Layers whose weights stay in registers from the first step to the last: some narrower than these hold, some just as wide, some of which a part
/// is read at every step.
/// </summary>
public sealed class RecurrentVersionTests
{
    private const int Seed = 81;

    private static readonly int[] Lengths = [3, 0, 7, 1, 5, 2];

    [Theory]
    [InlineData(RecurrentCell.Lstm, 16)]
    [InlineData(RecurrentCell.Gru, 21)]
    [InlineData(RecurrentCell.GruResetFirst, 20)]
    [InlineData(RecurrentCell.AttentionalUpdateGru, 7)]
    [InlineData(RecurrentCell.RnnTanh, 64)]
    [InlineData(RecurrentCell.Lstm, 17)]
    public void The_tuned_versions_have_the_bits_of_the_plain_one(RecurrentCell cell, int hidden)
    {
        OpCase op = Case(cell, hidden);
        OpHarness.Run(GpuTestDevices.Require(GpuTestDevices.Tuned), op).ShouldEqual(OpHarness.Run(GpuTestDevices.Require(GpuTestDevices.Plain), op));
    }

    [SkippableTheory]
    [InlineData(GpuTestDevices.OpenCl, RecurrentCell.Lstm, 64)]
    [InlineData(GpuTestDevices.OpenCl, RecurrentCell.Gru, 70)]
    [InlineData(GpuTestDevices.OpenCl, RecurrentCell.GruResetFirst, 85)]
    [InlineData(GpuTestDevices.OpenCl, RecurrentCell.RnnRelu, 128)]
    [InlineData(GpuTestDevices.OpenCl, RecurrentCell.RnnRelu, 129)]
    [InlineData(GpuTestDevices.OpenCl, RecurrentCell.Gru, 90)]
    [InlineData(GpuTestDevices.Cuda, RecurrentCell.Lstm, 128)]
    [InlineData(GpuTestDevices.Cuda, RecurrentCell.GruResetFirst, 128)]
    [InlineData(GpuTestDevices.Cuda, RecurrentCell.Lstm, 129)]
    public void Wide_states_give_what_the_reference_gives(string name, RecurrentCell cell, int hidden)
    {
        OpCase op = Case(cell, hidden);
        OpHarness.Run(GpuTestDevices.Require(name), op).ShouldBe(OpHarness.Run(TestDevices.Reference, op), op.Tolerance, name);
    }

    private static OpCase Case(RecurrentCell cell, int hidden) => new(
        $"{cell} of {hidden}", Seed, OpTolerance.Sum((2 * hidden) + 2, 2 * InputData.Magnitude), run =>
        {
            RecurrentSpec spec = new(cell, hidden, hidden, Reverse: false, ProjectedInput: false);
            RecurrentWeights weights = RecurrentOps.Weights(run, spec, biases: true);
            Ragged sequences = run.Ragged(Lengths);
            Tensor input = run.Input(sequences.RowCount, hidden);
            Tensor output = run.Output(sequences.RowCount, hidden);
            RecurrentState before = RecurrentOps.State(spec, () => run.Input(Lengths.Length, hidden));
            RecurrentState after = RecurrentOps.State(spec, () => run.Output(Lengths.Length, hidden));
            Tensor? attention = spec.HasAttention ? run.Input(sequences.RowCount, 1, run.Data.Shares(sequences.RowCount)) : null;
            return () => run.Device.Recurrent(run.Workspace, input, weights, sequences, before, output, after, attention);
        });
}
