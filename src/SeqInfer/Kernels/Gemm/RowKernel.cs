using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>One row x several panels, or two rows x two panels.</summary>
/// <remarks>
/// One panel leaves a short batch with few accumulators, fewer than it takes to hide the latency of a multiply-add; several panels at
/// once give up to eight. The order of summation is that of <see cref="TileKernel{V, TStorage}"/>.
/// </remarks>
internal static unsafe class RowKernel<V, TStorage>
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    /// <summary>Computes one row of 2 panels of 2 to 4 vectors, or of 4 panels of 2.</summary>
    /// <param name="x">The row.</param>
    /// <param name="panel">The first panel.</param>
    /// <param name="panelBytes">Bytes from one panel to the next.</param>
    /// <param name="steps">How many rows a panel has.</param>
    /// <param name="tile">Gives the start of the sums and receives them: those of panel p as if they were row p.</param>
    [MethodImpl(Kernel.Compiled)]
    public static void OneRow<TPanels, TVectors, TTile>(float* x, byte* panel, nint panelBytes, int steps, ref TTile tile)
        where TPanels : struct, ICount
        where TVectors : struct, ICount
        where TTile : struct, ITile<V>
    {
        V c00 = tile.Start(0, 0), c01 = tile.Start(0, 1), c02 = TVectors.Value > 2 ? tile.Start(0, 2) : default, c03 = TVectors.Value > 3 ? tile.Start(0, 3) : default;
        V c10 = tile.Start(1, 0), c11 = tile.Start(1, 1), c12 = TVectors.Value > 2 ? tile.Start(1, 2) : default, c13 = TVectors.Value > 3 ? tile.Start(1, 3) : default;
        V c20 = TPanels.Value == 4 ? tile.Start(2, 0) : default, c21 = TPanels.Value == 4 ? tile.Start(2, 1) : default;
        V c30 = TPanels.Value == 4 ? tile.Start(3, 0) : default, c31 = TPanels.Value == 4 ? tile.Start(3, 1) : default;
        byte* panel3 = panel + (3 * panelBytes);
        for (; steps > 0; steps--)
        {
            V a = V.Broadcast(x);
            c00 = TStorage.MultiplyAdd(a, TStorage.Load<V>(panel, 0, TVectors.Value), c00);
            c01 = TStorage.MultiplyAdd(a, TStorage.Load<V>(panel, 1, TVectors.Value), c01);
            if (TVectors.Value > 2) c02 = TStorage.MultiplyAdd(a, TStorage.Load<V>(panel, 2, TVectors.Value), c02);
            if (TVectors.Value > 3) c03 = TStorage.MultiplyAdd(a, TStorage.Load<V>(panel, 3, TVectors.Value), c03);
            c10 = TStorage.MultiplyAdd(a, TStorage.Load<V>(panel + panelBytes, 0, TVectors.Value), c10);
            c11 = TStorage.MultiplyAdd(a, TStorage.Load<V>(panel + panelBytes, 1, TVectors.Value), c11);
            if (TVectors.Value > 2) c12 = TStorage.MultiplyAdd(a, TStorage.Load<V>(panel + panelBytes, 2, TVectors.Value), c12);
            if (TVectors.Value > 3) c13 = TStorage.MultiplyAdd(a, TStorage.Load<V>(panel + panelBytes, 3, TVectors.Value), c13);
            if (TPanels.Value == 4)
            {
                c20 = TStorage.MultiplyAdd(a, TStorage.Load<V>(panel + (2 * panelBytes), 0, TVectors.Value), c20);
                c21 = TStorage.MultiplyAdd(a, TStorage.Load<V>(panel + (2 * panelBytes), 1, TVectors.Value), c21);
                c30 = TStorage.MultiplyAdd(a, TStorage.Load<V>(panel3, 0, TVectors.Value), c30);
                c31 = TStorage.MultiplyAdd(a, TStorage.Load<V>(panel3, 1, TVectors.Value), c31);
                panel3 += TStorage.RowBytes<V>(TVectors.Value);
            }

            x++;
            panel += TStorage.RowBytes<V>(TVectors.Value);
        }

        tile.Finish(0, c00, c01, c02, c03);
        tile.Finish(1, c10, c11, c12, c13);
        if (TPanels.Value == 4)
        {
            tile.Finish(2, c20, c21, default, default);
            tile.Finish(3, c30, c31, default, default);
        }
    }

    /// <summary>Computes two rows of 2 panels of 2 vectors.</summary>
    /// <param name="x">The first row.</param>
    /// <param name="xStride">Floats to the second row.</param>
    /// <param name="panel">The first panel.</param>
    /// <param name="panelBytes">Bytes to the second panel.</param>
    /// <param name="steps">How many rows a panel has.</param>
    /// <param name="first">Receives the sums of the first row: those of panel p as if they were row p.</param>
    /// <param name="second">Receives the sums of the second row likewise.</param>
    [MethodImpl(Kernel.Compiled)]
    public static void TwoRows<TTile>(
        float* x, nint xStride, byte* panel, nint panelBytes, int steps, ref TTile first, ref TTile second)
        where TTile : struct, ITile<V>
    {
        V c0 = first.Start(0, 0), c1 = first.Start(0, 1), c2 = first.Start(1, 0), c3 = first.Start(1, 1);
        V c4 = second.Start(0, 0), c5 = second.Start(0, 1), c6 = second.Start(1, 0), c7 = second.Start(1, 1);
        for (; steps > 0; steps--)
        {
            V a = V.Broadcast(x);
            V b = V.Broadcast(x + xStride);
            V w = TStorage.Load<V>(panel, 0, 2);
            c0 = TStorage.MultiplyAdd(a, w, c0);
            c4 = TStorage.MultiplyAdd(b, w, c4);
            w = TStorage.Load<V>(panel, 1, 2);
            c1 = TStorage.MultiplyAdd(a, w, c1);
            c5 = TStorage.MultiplyAdd(b, w, c5);
            w = TStorage.Load<V>(panel + panelBytes, 0, 2);
            c2 = TStorage.MultiplyAdd(a, w, c2);
            c6 = TStorage.MultiplyAdd(b, w, c6);
            w = TStorage.Load<V>(panel + panelBytes, 1, 2);
            c3 = TStorage.MultiplyAdd(a, w, c3);
            c7 = TStorage.MultiplyAdd(b, w, c7);
            x++;
            panel += TStorage.RowBytes<V>(2);
        }

        first.Finish(0, c0, c1, default, default);
        first.Finish(1, c2, c3, default, default);
        second.Finish(0, c4, c5, default, default);
        second.Finish(1, c6, c7, default, default);
    }
}
