using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Ops;

/// <summary>Random calls of the operations that normalise rows.</summary>
internal static class NormalizeOps
{
    public static Gen<OpCase> LayerNorm =>
        from seed in Shapes.Seed
        from rows in Shapes.Rows
        from columns in Shapes.Columns
        from kind in Gen.Elements(LayerNormKind.Standard, LayerNormKind.UnbiasedStd)
        from epsilon in Gen.Elements(1e-12, 1e-8, 1e-5, 1e-3)
        from hasResidual in Shapes.Flag
        from intoResidual in Shapes.Flag
        select new OpCase($"{kind} [{rows}, {columns}], {epsilon}, residual {hasResidual}", seed, OpTolerance.Normalized, run =>
        {
            Parameter gamma = run.Data.Parameter(1, columns);
            Parameter beta = run.Data.Parameter(1, columns);
            LayerNormWeights weights = run.Make(device => device.CreateLayerNorm(gamma, beta, epsilon, kind));
            Tensor input = run.Input(rows, columns, SpreadRows(run.Data, rows, columns));
            Tensor? residual = hasResidual ? run.Input(rows, columns, run.Data.Values(rows * columns, 0.5f)) : null;
            Tensor output = run.OutputMaybeIn(intoResidual && residual is { } added ? added : input);
            return () => run.Device.LayerNorm(run.Workspace, input, weights, output, residual);
        });

    public static Gen<OpCase> ScaleShift =>
        from seed in Shapes.Seed
        from rows in Shapes.Rows
        from columns in Shapes.AnyColumns
        select new OpCase($"[{rows}, {columns}]", seed, OpTolerance.Sum(2, InputData.Magnitude), run =>
        {
            VectorWeights scale = run.Vector(columns);
            VectorWeights shift = run.Vector(columns);
            Tensor input = run.Input(rows, columns);
            Tensor output = run.OutputMaybeIn(input);
            return () => run.Device.ScaleShift(run.Workspace, input, scale, shift, output);
        });

    public static Gen<OpCase> NormalizeL2 =>
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
            return () => run.Device.NormalizeL2(run.Workspace, input, output);
        });

    public static Gen<OpCase> Softmax =>
        from seed in Shapes.Seed
        from rows in Shapes.Rows
        from columns in Shapes.AnyColumns
        from log in Shapes.Flag
        from range in Gen.Elements(2f, 8f, 60f)
        from hidden in Gen.Elements(0, 0.4, 1.0)
        select new OpCase($"[{rows}, {columns}], log {log}, up to {range}, {hidden} hidden", seed, OfSoftmax(log, range), run =>
        {
            float[] values = run.Data.Values(rows * columns, range);
            for (int i = 0; i < values.Length; i++)
            {
                if (run.Data.Chance(hidden))
                    values[i] = float.NegativeInfinity;
            }

            Tensor input = run.Input(rows, columns, values);
            Tensor output = run.OutputMaybeIn(input);
            return () => run.Device.Softmax(run.Workspace, input, output, log);
        });

    // A probability is at most 1; its logarithm is x - max - log(sum), as exact as its largest part.
    private static OpTolerance OfSoftmax(bool log, float range) => OpTolerance.Elementary(log ? range : 1);

    // The first two values keep the deviation of a row away from 0, where rounding errors of the mean are divided by it.
    private static float[] SpreadRows(InputData data, int rows, int columns)
    {
        float[] values = data.Values(rows * columns);
        for (int row = 0; columns > 1 && row < rows; row++)
        {
            values[row * columns] += 3;
            values[(row * columns) + 1] -= 3;
        }

        return values;
    }
}
