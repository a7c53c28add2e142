using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;

namespace SeqInfer.Tests.Devices.Ops;

/// <summary>Random calls of the operations that look rows up.</summary>
internal static class EmbedOps
{
    // A product and a sum.
    private static readonly OpTolerance Rounded = OpTolerance.Sum(2, 1);

    public static Gen<OpCase> Plain =>
        from seed in Shapes.Seed
        from count in Shapes.Rows
        from rows in Gen.Choose(1, 30)
        from columns in Shapes.AnyColumns
        select new OpCase($"{count} of [{rows}, {columns}]", seed, OpTolerance.Exact, run =>
        {
            Indices ids = run.Ids(run.Data.Ids(count, -1, rows - 1));
            Table table = run.Table(rows, columns);
            Tensor output = run.Output(count, columns);
            return () => run.Device.Embed(run.Workspace, ids, table, output);
        });

    public static Gen<OpCase> ScaledWithPositions =>
        from seed in Shapes.Seed
        from count in Shapes.Rows
        from rows in Gen.Choose(1, 30)
        from positionRows in Gen.Choose(1, 9)
        from columns in Shapes.AnyColumns
        from scale in Gen.Elements(1f, 0.37f)
        select new OpCase($"{scale} * {count} of [{rows}, {columns}] + [{positionRows}, {columns}]", seed, Rounded, run =>
        {
            Indices ids = run.Ids(run.Data.Ids(count, -1, rows - 1));
            Indices positions = run.Ids(run.Data.Ids(count, -1, positionRows - 1));
            Table table = run.Table(rows, columns);
            Table positionTable = run.Table(positionRows, columns);
            Tensor output = run.Output(count, columns);
            return () => run.Device.Embed(run.Workspace, ids, table, output, scale, positions, positionTable);
        });

    public static Gen<OpCase> Bag =>
        from seed in Shapes.Seed
        from lengths in Shapes.Lengths
        from rows in Gen.Choose(1, 30)
        from columns in Shapes.AnyColumns
        from hasWeights in Shapes.Flag
        select new OpCase(
            $"bags {string.Join(' ', lengths)} of [{rows}, {columns}], weights {hasWeights}",
            seed,
            OfBags(lengths.DefaultIfEmpty().Max() + 1, rows),
            run =>
            {
                Ragged bags = run.Ragged(lengths);
                Indices ids = run.Ids(run.Data.Ids(bags.RowCount, -1, rows - 1));
                Table table = run.Table(rows, columns);
                Tensor? weights = hasWeights ? run.Workspace.Take(bags.RowCount, 1) : null;
                if (weights is { } window)
                    run.Device.Write(run.Workspace, run.Data.Values(bags.RowCount), window);
                Tensor output = run.Output(lengths.Length, columns);
                return () => run.Device.EmbedBag(run.Workspace, ids, bags, table, output, weights);
            });

    public static Gen<OpCase> Gather =>
        from seed in Shapes.Seed
        from count in Shapes.Rows
        from rows in Shapes.Rows
        from columns in Shapes.AnyColumns
        select new OpCase($"{count} of [{rows}, {columns}]", seed, OpTolerance.Exact, run =>
        {
            Indices picked = run.Ids(run.Data.Ids(count, -1, rows - 1));
            Tensor input = run.Input(rows, columns);
            Tensor output = run.Output(count, columns);
            return () => run.Device.GatherRows(run.Workspace, input, picked, output);
        });

    public static Gen<OpCase> Freeze =>
        from seed in Shapes.Seed
        from rows in Gen.Choose(1, 9)
        from columns in Shapes.Columns
        select new OpCase($"[{rows}, {columns}]", seed, OpTolerance.Exact, run =>
        {
            Tensor source = run.Input(rows, columns);
            Table table = run.Keep(run.Device.Freeze(run.Workspace, source));
            Indices ids = run.Ids([.. Enumerable.Range(0, rows)]);
            Tensor output = run.Output(rows, columns);
            return () => run.Device.Embed(run.Workspace, ids, table, output);
        });

    private static OpTolerance OfBags(int terms, int rows) =>
        rows < terms ? OpTolerance.Repeated(terms, InputData.Magnitude) : OpTolerance.Sum(terms, InputData.Magnitude);
}
