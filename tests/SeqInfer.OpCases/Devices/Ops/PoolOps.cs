using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;

namespace SeqInfer.Tests.Devices.Ops;

/// <summary>Random calls of pooling.</summary>
internal static class PoolOps
{
    public static Gen<OpCase> Pool =>
        from seed in Shapes.Seed
        from lengths in Shapes.Lengths
        from columns in Shapes.AnyColumns
        from kind in Gen.Elements(PoolKind.Last, PoolKind.Mean, PoolKind.Max, PoolKind.Sum)
        select new OpCase($"{kind} of {columns} columns, lengths {string.Join(' ', lengths)}", seed, ToleranceOf(kind, lengths), run =>
        {
            Ragged sequences = run.Ragged(lengths);
            Tensor input = run.Input(sequences.RowCount, columns);
            Tensor output = run.Output(lengths.Length, columns);
            return () => run.Device.Pool(run.Workspace, input, sequences, kind, output);
        });

    public static Gen<OpCase> Flatten =>
        from seed in Shapes.Seed
        from sequences in Gen.Choose(0, 4)
        from steps in Gen.Choose(1, 40)
        from channels in Shapes.FewColumns
        from order in Gen.Elements(FlattenOrder.ChannelsFirst, FlattenOrder.TimeFirst)
        select new OpCase($"{order} of {sequences} x {steps} steps of {channels} channels", seed, OpTolerance.Exact, run =>
        {
            Tensor input = run.Input(sequences * steps, channels);
            Tensor output = run.Output(sequences, steps * channels);
            return () => run.Device.Flatten(run.Workspace, input, steps, order, output);
        });

    private static OpTolerance ToleranceOf(PoolKind kind, int[] lengths) => kind is PoolKind.Last or PoolKind.Max
        ? OpTolerance.Exact
        : OpTolerance.Sum(lengths.DefaultIfEmpty().Max(), InputData.Magnitude);
}
