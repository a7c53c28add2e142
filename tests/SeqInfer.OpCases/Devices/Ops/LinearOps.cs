using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Ops;

/// <summary>Random calls of the linear layer.</summary>
internal static class LinearOps
{
    public static Gen<OpCase> Linear =>
        from seed in Shapes.Seed
        from rows in Shapes.Rows
        from inputs in Shapes.Columns
        from outputs in Shapes.Columns
        from activation in Shapes.Activation
        from hasBias in Shapes.Flag
        from hasResidual in Shapes.Flag
        select Case(seed, rows, inputs, outputs, activation, hasBias, hasResidual);

    /// <summary>Few inputs or outputs, where kernels switch to other shapes, and depths beyond one block.</summary>
    public static Gen<OpCase> EdgeSizes =>
        from seed in Shapes.Seed
        from rows in Gen.Elements(1, 2, 13, 14, 15, 29, 67)
        from size in Gen.Elements((1, 1), (0, 5), (1, 33), (700, 1), (1100, 3), (512, 31), (513, 33), (64, 97))
        from hasBias in Shapes.Flag
        select Case(seed, rows, size.Item1, size.Item2, Activation.None, hasBias, hasResidual: false);

    /// <summary>
    /// Two to five layers, now and then more rows than go through them together. No signed roots, whose slope has no bound: their errors would
    /// grow from layer to layer.
    /// </summary>
    public static Gen<OpCase> Chain =>
        from seed in Shapes.Seed
        from rows in Gen.Frequency((4, Shapes.Rows), (2, Gen.Choose(100, 350)))
        from count in Gen.Choose(3, 6)
        from sizes in Gen.ArrayOf(Gen.Frequency((4, Gen.Choose(1, 40)), (1, Gen.Choose(41, 200))), count)
        from activations in Gen.ArrayOf(Shapes.Activation.Where(activation => activation.Kind != ActivationKind.SignedSqrt), count - 1)
        from hasBias in Shapes.Flag
        from hasResidual in Shapes.Flag
        from isSquare in Shapes.Flag
        select ChainCase(seed, rows, isSquare ? [.. sizes[..^1], sizes[0]] : sizes, activations, hasBias, hasResidual);

    // Weights whose products keep the magnitude of what they are multiplied with, and so that of its errors.
    private static OpCase ChainCase(int seed, int rows, int[] sizes, Activation[] activations, bool hasBias, bool hasResidual)
    {
        string name = $"{rows} rows, {string.Join('-', sizes)}, {string.Join('-', activations)}, bias {hasBias}, residual {hasResidual}";
        return new(name, seed, Tolerance(sizes.Sum(), Activation.None), run =>
        {
            List<LinearStage> stages = [];
            for (int i = 0; i < activations.Length; i++)
            {
                Parameter weight = run.Data.Parameter(sizes[i + 1], sizes[i], 1 / MathF.Sqrt(sizes[i]));
                Parameter? bias = hasBias ? run.Data.Parameter(1, sizes[i + 1]) : null;
                stages.Add(new LinearStage(run.Make(device => device.CreateLinear(weight, bias)), activations[i]));
            }

            LinearChain chain = new(stages);
            Tensor input = run.Input(rows, sizes[0]);
            bool isSquare = sizes[0] == sizes[^1];
            Tensor? residual = !hasResidual ? null : isSquare && run.Data.Chance(0.5) ? input : run.Input(rows, sizes[^1]);
            Tensor output = residual is { } added ? run.OutputMaybeIn(added)
                : isSquare ? run.OutputMaybeIn(input) : run.Output(rows, sizes[^1]);
            return () => run.Device.LinearChain(run.Workspace, input, chain, output, residual);
        });
    }

    private static OpCase Case(int seed, int rows, int inputs, int outputs, Activation activation, bool hasBias, bool hasResidual) =>
        new($"[{rows}, {inputs}] -> {outputs}, {activation}, bias {hasBias}, residual {hasResidual}", seed, Tolerance(inputs, activation), run =>
        {
            Parameter weight = run.Data.Parameter(outputs, inputs);
            Parameter? bias = hasBias ? run.Data.Parameter(1, outputs) : null;
            LinearWeights weights = run.Make(device => device.CreateLinear(weight, bias));
            Tensor input = run.Input(rows, inputs);
            Tensor? residual = hasResidual ? run.Input(rows, outputs) : null;
            Tensor output = residual is { } added ? run.OutputMaybeIn(added) : run.Output(rows, outputs);
            return () => run.Device.Linear(run.Workspace, input, weights, output, activation, residual);
        });

    // Products of numbers up to 2 and 1; the activations have slopes of at most 1.13 and errors of their own, but for the signed root.
    private static OpTolerance Tolerance(int inputs, Activation activation) => activation.Kind == ActivationKind.SignedSqrt
        ? OpTolerance.RootOfSum(inputs + 2, InputData.Magnitude)
        : OpTolerance.Sum(inputs + 2, InputData.Magnitude);
}
