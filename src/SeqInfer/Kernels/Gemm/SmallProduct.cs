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
    /// <param name="x">[rows, depth].</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x and of the result.</param>
    /// <param name="layer">W and bias, its storage one of fp32 arithmetic.</param>
    /// <param name="y">[rows, units].</param>
    /// <param name="yStride">Floats from one row of the result to the next.</param>
    /// <param name="floor">What values are at least: 0 for ReLU, -infinity for no activation.</param>
    [MethodImpl(Kernel.Compiled)]
    public static void Run(float* x, nint xStride, int rows, in SmallLayer layer, float* y, nint yStride, float floor) =>
        Layer(x, xStride, rows, in layer, y, yStride, floor);

    /// <summary>Computes layers over each other's results.</summary>
    /// <param name="x">[rows, depth of the first].</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="rows">Rows of x and of all results.</param>
    /// <param name="links">The layers.</param>
    /// <param name="front">Room for the results of every second layer from the first on.</param>
    /// <param name="back">Room for those of the others.</param>
    /// <param name="y">[rows, units of the last].</param>
    /// <param name="yStride">Floats from one row of the last result to the next.</param>
    [MethodImpl(Kernel.Compiled)]
    public static void RunChain(
        float* x, nint xStride, int rows, ReadOnlySpan<SmallLink> links, float* front, float* back, float* y, nint yStride)
    {
        for (int i = 0; i < links.Length - 1; i++)
        {
            ref readonly SmallLink link = ref links[i];
            Layer(x, xStride, rows, in link.Layer, front, link.Stride, link.Floor);
            x = front;
            xStride = link.Stride;
            front = back;
            back = x;
        }

        ref readonly SmallLink last = ref links[^1];
        Layer(x, xStride, rows, in last.Layer, y, yStride, last.Floor);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Layer(float* x, nint xStride, int rows, in SmallLayer layer, float* y, nint yStride, float floor)
    {
        byte* panel = layer.Panels;
        nint bytes = layer.PanelBytes;
        int steps = layer.Depth;
        int units = layer.Units;
        float* bias = layer.Bias;
        if (rows == 1)
        {
            for (; units > 3 * V.Width; units -= 4 * V.Width, panel += 4 * bytes, bias += 4 * V.Width, y += 4 * V.Width)
                NarrowRowKernel<V, TStorage>.Run<Count4, RowEnd<V>>(x, panel, bytes, steps, new RowEnd<V>(y, bias, units, floor));
            for (; units > V.Width; units -= 2 * V.Width, panel += 2 * bytes, bias += 2 * V.Width, y += 2 * V.Width)
                NarrowRowKernel<V, TStorage>.Run<Count2, RowEnd<V>>(x, panel, bytes, steps, new RowEnd<V>(y, bias, units, floor));
            if (units > 0)
                NarrowRowKernel<V, TStorage>.Run<Count1, RowEnd<V>>(x, panel, bytes, steps, new RowEnd<V>(y, bias, units, floor));
        }
        else
        {
            for (; units > 0; units -= V.Width, panel += bytes, bias += V.Width, y += V.Width)
            {
                DirectEnd<V, AtLeast, Count0> end = new(y, yStride, bias, Math.Min(units, V.Width), new AtLeast(floor));
                RowTiles<V, NarrowKernel<V, TStorage>>.Run(x, xStride, rows, panel, steps, in end);
            }
        }

        if (layer.PairUnits > 0)
        {
            DirectEnd<F256, AtLeast, Count0> end = new(y + units, yStride, bias + units, layer.PairUnits, new AtLeast(floor));
            RowTiles<F256, PairKernel<TStorage>>.Run(x, xStride, rows, layer.Pairs, steps, in end);
        }
    }
}
