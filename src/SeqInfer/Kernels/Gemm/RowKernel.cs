using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>One row x two or four panels, or two rows x two panels, of two vectors each.</summary>
/// <remarks>
/// One panel leaves a short batch with two or four accumulators, fewer than it takes to hide the latency of a multiply-add; several panels at
/// once give up to eight. The order of summation is that of <see cref="TileKernel{V, TStorage}"/>.
/// </remarks>
internal static unsafe class RowKernel<V, TStorage>
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    /// <summary>Computes one row of 2 or 4 panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneRow<TPanels>(float* x, byte* panel, nint panelBytes, int depth, ref OutputTile<V> tile)
        where TPanels : struct, ICount
    {
        V c0 = V.Zero, c1 = V.Zero, c2 = V.Zero, c3 = V.Zero, c4 = V.Zero, c5 = V.Zero, c6 = V.Zero, c7 = V.Zero;
        byte* panel3 = panel + (3 * panelBytes);
        for (; depth > 0; depth--)
        {
            V a = V.Broadcast(x);
            c0 = V.Fma(a, TStorage.Load<V>(panel, 0, 2), c0);
            c1 = V.Fma(a, TStorage.Load<V>(panel, 1, 2), c1);
            c2 = V.Fma(a, TStorage.Load<V>(panel + panelBytes, 0, 2), c2);
            c3 = V.Fma(a, TStorage.Load<V>(panel + panelBytes, 1, 2), c3);
            if (TPanels.Value == 4)
            {
                c4 = V.Fma(a, TStorage.Load<V>(panel + (2 * panelBytes), 0, 2), c4);
                c5 = V.Fma(a, TStorage.Load<V>(panel + (2 * panelBytes), 1, 2), c5);
                c6 = V.Fma(a, TStorage.Load<V>(panel3, 0, 2), c6);
                c7 = V.Fma(a, TStorage.Load<V>(panel3, 1, 2), c7);
                panel3 += TStorage.RowBytes<V>(2);
            }

            x++;
            panel += TStorage.RowBytes<V>(2);
        }

        tile.Finish(0, c0, c1, default, default);
        tile.At(2 * V.Width).Finish(0, c2, c3, default, default);
        if (TPanels.Value == 4)
        {
            tile.At(4 * V.Width).Finish(0, c4, c5, default, default);
            tile.At(6 * V.Width).Finish(0, c6, c7, default, default);
        }
    }

    /// <summary>Computes two rows of 2 panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoRows(float* x, nint xStride, byte* panel, nint panelBytes, int depth, ref OutputTile<V> tile)
    {
        V c0 = V.Zero, c1 = V.Zero, c2 = V.Zero, c3 = V.Zero, c4 = V.Zero, c5 = V.Zero, c6 = V.Zero, c7 = V.Zero;
        for (; depth > 0; depth--)
        {
            V a = V.Broadcast(x);
            V b = V.Broadcast(x + xStride);
            V w = TStorage.Load<V>(panel, 0, 2);
            c0 = V.Fma(a, w, c0);
            c4 = V.Fma(b, w, c4);
            w = TStorage.Load<V>(panel, 1, 2);
            c1 = V.Fma(a, w, c1);
            c5 = V.Fma(b, w, c5);
            w = TStorage.Load<V>(panel + panelBytes, 0, 2);
            c2 = V.Fma(a, w, c2);
            c6 = V.Fma(b, w, c6);
            w = TStorage.Load<V>(panel + panelBytes, 1, 2);
            c3 = V.Fma(a, w, c3);
            c7 = V.Fma(b, w, c7);
            x++;
            panel += TStorage.RowBytes<V>(2);
        }

        tile.Finish(0, c0, c1, default, default);
        tile.At(2 * V.Width).Finish(0, c2, c3, default, default);
        tile.Finish(1, c4, c5, default, default);
        tile.At(2 * V.Width).Finish(1, c6, c7, default, default);
    }
}
