using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>
/// y = max(floor, x W^T + bias) for panels of one vector and rows that fit a cache. <see cref="MatrixProduct{V, TStorage}"/> gives the same bits;
/// finding its blocks, tiles and their end takes longer than the few multiply-adds of a small layer.
/// </summary>
internal static unsafe class SmallProduct<V, TStorage>
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    /// <summary>Computes all units.</summary>
    /// <param name="x">[rows, steps].</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x and of the result.</param>
    /// <param name="weights">W, in panels of one vector, its storage one of fp32 arithmetic.</param>
    /// <param name="bias">One value a unit, readable up to the end of the last panel.</param>
    /// <param name="y">[rows, units].</param>
    /// <param name="yStride">Floats from one row of the result to the next.</param>
    /// <param name="floor">What values are at least: 0 for ReLU, -infinity for no activation.</param>
    [MethodImpl(Kernel.Compiled)]
    public static void Run(
        float* x, nint xStride, int rows, PackedMatrix<V, TStorage> weights, float* bias, float* y, nint yStride, float floor)
    {
        byte* panel = weights.Panel(0);
        nint bytes = (nint)weights.PanelBytes;
        int steps = weights.Steps;
        int units = weights.Units;
        if (rows == 1)
        {
            RunRow(x, panel, bytes, steps, units, bias, y, floor);
            return;
        }

        for (; units > 0; units -= V.Width, panel += bytes, bias += V.Width, y += V.Width)
        {
            DirectEnd<V, AtLeast, Count0> end = new(y, yStride, bias, Math.Min(units, V.Width), new AtLeast(floor));
            RowTiles<V, NarrowKernel<V, TStorage>>.Run(x, xStride, rows, panel, steps, in end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunRow(float* x, byte* panel, nint bytes, int steps, int units, float* bias, float* y, float floor)
    {
        for (; units > 3 * V.Width; units -= 4 * V.Width, panel += 4 * bytes, bias += 4 * V.Width, y += 4 * V.Width)
            NarrowRowKernel<V, TStorage>.Run<Count4, RowEnd<V>>(x, panel, bytes, steps, new RowEnd<V>(y, bias, units, floor));
        for (; units > V.Width; units -= 2 * V.Width, panel += 2 * bytes, bias += 2 * V.Width, y += 2 * V.Width)
            NarrowRowKernel<V, TStorage>.Run<Count2, RowEnd<V>>(x, panel, bytes, steps, new RowEnd<V>(y, bias, units, floor));
        if (units > 0)
            NarrowRowKernel<V, TStorage>.Run<Count1, RowEnd<V>>(x, panel, bytes, steps, new RowEnd<V>(y, bias, units, floor));
    }
}
