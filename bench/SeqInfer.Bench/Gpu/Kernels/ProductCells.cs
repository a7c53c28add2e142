using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Gpu.Kernels;

/// <summary>Linear layers, y = x W^T + b, and chains of them with ReLU between.</summary>
internal static class ProductCells
{
    /// <summary>The operation's name, also in the PyTorch script.</summary>
    public const string Operation = "Linear";

    // Rows x inputs x outputs: the layers of sas64, wide and bert2 at batch 1 to 4096, and squares.
    private static readonly (int Rows, int Inputs, int Outputs)[] Sizes =
    [
        (1, 512, 1024), (1, 768, 3072), (16, 768, 3072), (64, 512, 1024), (512, 1024, 512), (4096, 512, 1024), (8192, 768, 3072), (204_800, 64, 64),
        (512, 512, 512), (1024, 1024, 1024), (2048, 2048, 2048), (4096, 4096, 4096), (8192, 8192, 8192),
    ];

    public static IReadOnlyList<KernelCell> Create(int divisor)
    {
        // On the host a layer has fewer rows, and squares that take too long are left out.
        double most = Math.Max(2.0 * 512 * 1024, 2.0 * 8192 * 8192 * 8192 / divisor / divisor);
        int many = Math.Max(1, 4096 / divisor);
        return [.. Sizes.Select(size => size.Rows == size.Inputs ? size : (Math.Max(1, size.Rows / divisor), size.Inputs, size.Outputs)).Distinct()
            .Where(size => 2.0 * size.Item1 * size.Inputs * size.Outputs <= most)
            .Select(size => Linear(size.Item1, size.Inputs, size.Outputs)), Chain(many, 512, 1024, 512, 256), Chain(many, 64, 128, 64, 1)];
    }

    private static KernelCell Linear(int rows, int inputs, int outputs) => new(
        Operation,
        $"{rows}x{inputs}x{outputs}",
        2.0 * rows * inputs * outputs,
        4.0 * (((double)rows * (inputs + outputs)) + ((double)inputs * outputs) + outputs),
        on =>
        {
            LinearWeights weights = on.Device.CreateLinear(on.Parameter(outputs, inputs), on.Parameter(1, outputs));
            Tensor x = on.Take(rows, inputs);
            Tensor y = on.Arena.Take(rows, outputs);
            return () => on.Device.Linear(on.Arena, x, weights, y, Activation.None);
        });

    // The layers inside are read and written by nobody else: of a chain only its ends and weights have to move.
    private static KernelCell Chain(int rows, params int[] sizes)
    {
        double weights = sizes.Zip(sizes.Skip(1), (inputs, outputs) => (inputs + 1.0) * outputs).Sum();
        return new KernelCell("LinearChain", $"{rows}x{string.Join('-', sizes)}", 2 * rows * weights, 4 * (weights + ((double)rows * (sizes[0] + sizes[^1]))), on =>
        {
            var chain = new LinearChain([.. sizes.Zip(sizes.Skip(1), (inputs, outputs) => new LinearStage(
                on.Device.CreateLinear(on.Parameter(outputs, inputs), on.Parameter(1, outputs)), ActivationKind.Relu))]);
            Tensor x = on.Take(rows, sizes[0]);
            Tensor y = on.Arena.Take(rows, sizes[^1]);
            return () => on.Device.LinearChain(on.Arena, x, chain, y);
        });
    }
}
