using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;

namespace SeqInfer.Tests.Devices.Ops;

/// <summary>Random calls of the operations that treat every element by itself.</summary>
internal static class ElementwiseOps
{
    private const float Magnitude = 8;

    public static Gen<OpCase> Apply =>
        from seed in Shapes.Seed
        from rows in Shapes.Rows
        from columns in Shapes.AnyColumns
        from activation in Shapes.Activation
        select new OpCase($"{activation} of [{rows}, {columns}]", seed, ToleranceOf(activation), run =>
        {
            Tensor input = run.Input(rows, columns, run.Data.Values(rows * columns, Magnitude));
            Tensor output = run.OutputMaybeIn(input);
            return () => run.Device.Apply(run.Workspace, input, activation, output);
        });

    public static Gen<OpCase> PRelu =>
        from seed in Shapes.Seed
        from rows in Shapes.Rows
        from columns in Shapes.AnyColumns
        from isShared in Shapes.Flag
        select new OpCase($"[{rows}, {columns}], one slope {isShared}", seed, OpTolerance.Exact, run =>
        {
            VectorWeights slope = run.Vector(isShared ? 1 : columns);
            Tensor input = run.Input(rows, columns);
            Tensor output = run.OutputMaybeIn(input);
            return () => run.Device.PRelu(run.Workspace, input, slope, output);
        });

    public static Gen<OpCase> Combine =>
        from seed in Shapes.Seed
        from rows in Shapes.Rows
        from columns in Shapes.AnyColumns
        from isBroadcast in Shapes.Flag
        from operation in Gen.Elements(Enum.GetValues<BinaryOperation>())
        from target in Gen.Choose(0, 2)
        select new OpCase($"{operation} of [{rows}, {columns}], one row {isBroadcast}, into {target}", seed, OpTolerance.Exact, run =>
        {
            Tensor left = run.Input(rows, columns);
            Tensor right = run.Input(isBroadcast ? 1 : rows, columns);
            Tensor output = run.OutputMaybeIn(target == 1 && right.RowCount == rows ? right : left);
            return () => run.Device.Combine(run.Workspace, left, right, operation, output);
        });

    public static Gen<OpCase> CombineWithItself =>
        from seed in Shapes.Seed
        from rows in Shapes.Rows
        from columns in Shapes.AnyColumns
        from operation in Gen.Elements(Enum.GetValues<BinaryOperation>())
        select new OpCase($"{operation} of [{rows}, {columns}]", seed, OpTolerance.Exact, run =>
        {
            Tensor both = run.Input(rows, columns);
            Tensor output = run.OutputMaybeIn(both);
            return () => run.Device.Combine(run.Workspace, both, both, operation, output);
        });

    private static OpTolerance ToleranceOf(Activation activation) =>
        activation.Kind is ActivationKind.None or ActivationKind.Relu or ActivationKind.LeakyRelu
            ? OpTolerance.Exact
            : OpTolerance.Elementary(Magnitude);
}
