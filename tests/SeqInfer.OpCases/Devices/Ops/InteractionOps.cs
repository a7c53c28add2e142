using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;

namespace SeqInfer.Tests.Devices.Ops;

/// <summary>Random calls of the operations between features.</summary>
internal static class InteractionOps
{
    public static Gen<OpCase> CombineRows =>
        from seed in Shapes.Seed
        from left in Gen.Choose(1, 9)
        from right in Gen.Choose(1, 20)
        from pairs in Shapes.Rows
        from columns in Shapes.AnyColumns
        from operation in Gen.Elements(BinaryOperation.Add, BinaryOperation.Subtract, BinaryOperation.Multiply)
        select new OpCase($"{pairs} pairs of [{left}, {columns}] {operation} [{right}, {columns}]", seed, OpTolerance.Exact, run =>
        {
            Indices leftRows = run.Ids(run.Data.Ids(pairs, 0, left - 1));
            Indices rightRows = run.Ids(run.Data.Ids(pairs, 0, right - 1));
            Tensor first = run.Input(left, columns);
            Tensor second = run.Input(right, columns);
            Tensor output = run.Output(pairs, columns);
            return () => run.Device.CombineRows(run.Workspace, first, leftRows, second, rightRows, operation, output);
        });

    public static Gen<OpCase> RowDot =>
        from seed in Shapes.Seed
        from rows in Shapes.Rows
        from columns in Shapes.AnyColumns
        select new OpCase($"[{rows}, {columns}]", seed, OpTolerance.Sum(Math.Max(columns, 1), 2 * InputData.Magnitude), run =>
        {
            Tensor left = run.Input(rows, columns);
            Tensor right = run.Input(rows, columns);
            Tensor output = run.Output(rows, 1);
            return () => run.Device.RowDot(run.Workspace, left, right, output);
        });

    public static Gen<OpCase> ScaleRows =>
        from seed in Shapes.Seed
        from rows in Shapes.Rows
        from columns in Shapes.AnyColumns
        select new OpCase($"[{rows}, {columns}]", seed, OpTolerance.Exact, run =>
        {
            Tensor factors = run.Input(rows, 1);
            Tensor input = run.Input(rows, columns);
            Tensor output = run.OutputMaybeIn(input);
            return () => run.Device.ScaleRows(run.Workspace, input, factors, output);
        });

    // The squared sum of a column's fields is up to (2 fields)^2, and as much is taken away from it.
    public static Gen<OpCase> FactorizationMachine =>
        from seed in Shapes.Seed
        from rows in Shapes.Rows
        from fields in Gen.Choose(1, 9)
        from size in Shapes.FewColumns
        select new OpCase($"{rows} rows of {fields} x {size}", seed, OpTolerance.Sum(size + fields, 4 * fields * fields), run =>
        {
            Tensor input = run.Input(rows, fields * size);
            Tensor output = run.Output(rows, 1);
            return () => run.Device.FactorizationMachine(run.Workspace, input, fields, output);
        });

    public static Gen<OpCase> Squash =>
        from seed in Shapes.Seed
        from rows in Shapes.Rows
        from columns in Shapes.AnyColumns
        select new OpCase($"[{rows}, {columns}]", seed, OpTolerance.Normalized, run =>
        {
            float[] values = run.Data.Values(rows * columns);
            if (rows > 1)
                values.AsSpan(0, columns).Clear();
            Tensor input = run.Input(rows, columns, values);
            Tensor output = run.OutputMaybeIn(input);
            return () => run.Device.Squash(run.Workspace, input, 1e-9f, output);
        });

    // A probability is at most 1.
    public static Gen<OpCase> SegmentSoftmax =>
        from seed in Shapes.Seed
        from lengths in Shapes.Lengths
        from columns in Shapes.FewColumns
        from range in Gen.Elements(2f, 60f)
        from hidden in Gen.Elements(0, 0.4, 1.0)
        select new OpCase($"{columns} columns up to {range}, {hidden} hidden, lengths {string.Join(' ', lengths)}", seed, OpTolerance.Elementary(1), run =>
        {
            Ragged sequences = run.Ragged(lengths);
            float[] values = run.Data.Values(sequences.RowCount * columns, range);
            for (int i = 0; i < values.Length; i++)
            {
                if (run.Data.Chance(hidden))
                    values[i] = float.NegativeInfinity;
            }

            Tensor input = run.Input(sequences.RowCount, columns, values);
            Tensor output = run.OutputMaybeIn(input);
            return () => run.Device.SegmentSoftmax(run.Workspace, input, sequences, output);
        });
}
