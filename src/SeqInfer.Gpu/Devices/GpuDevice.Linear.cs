using System.Numerics;
using ILGPU;
using SeqInfer.Devices;
using SeqInfer.Gpu.Kernels.Elementwise;
using SeqInfer.Gpu.Kernels.Gemm;
using SeqInfer.Gpu.Kernels.TensorCores;
using SeqInfer.Gpu.Runtime;
using SeqInfer.Tensors;

namespace SeqInfer.Gpu.Devices;

internal sealed partial class GpuDevice
{
    // Up to so many rows the weights are what takes time to read; beyond, tiles share them
    private const int FewRows = 16;

    // A 16-byte load
    private const int Quad = 4;

    /// <inheritdoc/>
    protected override void LinearCore(
        Workspace workspace, Tensor input, LinearWeights weights, Tensor output, Activation activation, Tensor? residual)
    {
        if (workspace.IsPlanning)
            return;
        GpuWorkspace arena = Bind(workspace);
        Epilogue epilogue = new(activation.Kind, activation.Alpha, residual is null ? 0 : 1, arena.Window(residual), arena.Window(output));
        Layer(arena, input, ((GpuLinear)weights).Packed, epilogue, output);
    }

    /// <summary>A linear layer in the precision that was asked for.</summary>
    private void Layer(GpuWorkspace arena, Tensor input, in PackedWeights weights, in Epilogue epilogue, Tensor output)
    {
        if (_tensorLinear is null)
        {
            Multiply(arena, input, weights, epilogue, output);
            return;
        }

        int tileRows = runtime.GroupSize / TensorCore.WarpSize * TensorLinearKernel<Tf32Format>.RowsOfWarp;
        Index2D groups = new(
            Math.Min(DivideUp(output.ColumnCount, TensorLinearKernel<Tf32Format>.TileColumns), MaxGroupsX),
            Math.Min(DivideUp(output.RowCount, tileRows), MaxGroupsY));
        _tensorLinear.Launch(arena.Stream, groups, runtime.GroupSize, new TensorLinearArgs(
            arena.Quads(input), output.RowCount, output.ColumnCount, weights, epilogue));
    }

    private void Multiply(GpuWorkspace arena, Tensor input, in PackedWeights weights, in Epilogue epilogue, Tensor output) =>
        Multiply(arena, Kernels.Linear, Kernels.Groups?.TileLinear, Kernels.Groups?.RowsLinear, input, weights, epilogue, output);

    private void Distances(GpuWorkspace arena, Tensor input, in PackedWeights weights, in Epilogue epilogue, Tensor output) =>
        Multiply(arena, Kernels.Distance, Kernels.Groups?.TileDistance, Kernels.Groups?.RowsDistance, input, weights, epilogue, output);

    /// <summary>Starts the version for this number of rows; all of them give the same bits.</summary>
    private void Multiply<TTerm>(
        GpuWorkspace arena,
        Kernel<ElementArgs<LinearBody<TTerm>>> plain,
        Kernel<LinearArgs>? tiles,
        Kernel<LinearArgs>? rows,
        Tensor input,
        in PackedWeights weights,
        in Epilogue epilogue,
        Tensor output)
        where TTerm : struct, ITerm
    {
        if (tiles is null || rows is null)
        {
            Launch(arena, plain, output, new LinearBody<TTerm>(arena.Window(input), input.ColumnCount, weights, epilogue));
            return;
        }

        bool isAligned = input.Offset % Quad == 0 && input.Stride % Quad == 0;
        bool isFew = output.RowCount <= FewRows;
        int shift = isFew ? ShareOf(input.ColumnCount) : BitOperations.Log2((uint)runtime.GroupSize) / 2;
        LinearArgs args = new(
            arena.Window(input), isAligned ? 1 : 0, output.RowCount, input.ColumnCount, output.ColumnCount, weights, epilogue, shift);
        int high = isFew ? RowsLinearKernel<TTerm>.RowCount : Quad << shift;
        int wide = isFew ? runtime.GroupSize >> shift : Quad << shift;
        Index2D groups = new(
            Math.Min(DivideUp(output.ColumnCount, wide), MaxGroupsX), Math.Min(DivideUp(output.RowCount, high), MaxGroupsY));
        if (isFew)
            rows.Launch(arena.Stream, groups, runtime.GroupSize, args);
        else
            tiles.Launch(arena.Stream, groups, 1 << (2 * shift), args);
    }

    /// <summary>The logarithm of how many threads share a column: a power of two that leaves no thread without a block of its own.</summary>
    private static int ShareOf(int inputs)
    {
        int blocks = Math.Clamp(inputs / LinearBody<DotTerm>.Block, 1, RowsLinearKernel<DotTerm>.MaxBlocks);
        return BitOperations.Log2((uint)blocks);
    }
}
