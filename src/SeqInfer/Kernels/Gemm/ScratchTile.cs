using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>
/// The end of a tile by way of memory that stays in the first-level cache: for activations too long to be inlined in the micro-kernel, and
/// where the result has fewer columns than the tile.
/// </summary>
internal static unsafe class ScratchTile<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>Floats of the largest tile.</summary>
    public static int Length => 14 * 2 * V.Width;

    /// <summary>Adds bias, applies the activation, adds the residual and stores as many columns as there are.</summary>
    /// <param name="scratch">Bare sums, [rows, width].</param>
    /// <param name="width">Columns of the tile.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="columns">Columns of the result, at most <paramref name="width"/>.</param>
    /// <param name="output">The result from the tile's first element on.</param>
    /// <param name="op">The activation.</param>
    [MethodImpl(Kernel.Compiled)]
    public static void Complete<TOp>(float* scratch, int width, int rows, int columns, in LinearOutput output, TOp op)
        where TOp : struct, IUnaryOp
    {
        for (int row = 0; row < rows; row++)
        {
            float* from = scratch + (row * width);
            float* y = output.Y + (row * output.YStride);
            float* residual = output.Residual + (row * output.ResidualStride);
            int column = 0;
            for (; column <= columns - V.Width; column += V.Width)
            {
                V c = V.Load(from + column);
                if (output.Bias != null) c += V.Load(output.Bias + column);
                c = op.Apply(c);
                if (output.Residual != null) c += V.Load(residual + column);
                c.Store(y + column);
            }

            int left = columns - column;
            if (left == 0)
                continue;
            V tail = V.Load(from + column);
            if (output.Bias != null) tail += V.Load(output.Bias + column);
            tail = op.Apply(tail);
            if (output.Residual != null) tail += V.LoadPartial(residual + column, left);
            tail.StorePartial(y + column, left);
        }
    }
}
