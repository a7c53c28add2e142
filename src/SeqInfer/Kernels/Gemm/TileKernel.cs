using System.Diagnostics;
using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>
/// The micro-kernel of every matrix product: a tile of 1..14 rows x one panel of 1..4 vectors, all accumulators in registers.
/// </summary>
/// <remarks>
/// Lane (row, column) is start + x[row, 0] w[0, column] + x[row, 1] w[1, column] + ..., one fused multiply-add after the other, or one pair of
/// integers. Neither the number of rows nor the width of the panel changes that order, so a row's result does not depend on the tile it falls into.
/// </remarks>
internal static unsafe class TileKernel<V, TStorage>
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    /// <summary>How many rows keep their accumulators in registers beside a panel row and one broadcast value.</summary>
    public static int MaxRows(int vectors) => Math.Min(14, (SimdRegisters.Count<V>() - 1 - vectors) / vectors);

    /// <summary>Computes one tile.</summary>
    /// <param name="rows">1..<see cref="MaxRows"/>.</param>
    /// <param name="x">First row of the left matrix, 32 bits for each row of the panel.</param>
    /// <param name="xStride">Floats from one row to the next.</param>
    /// <param name="panel">First row of the panel.</param>
    /// <param name="steps">How many rows the panel has.</param>
    /// <param name="tile">Start and end of the accumulators.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TVectors, TTile>(int rows, float* x, nint xStride, byte* panel, int steps, ref TTile tile)
        where TVectors : struct, ICount
        where TTile : struct, ITile<V>
    {
        Debug.Assert(rows > 0 && rows <= MaxRows(TVectors.Value));
        switch (rows)
        {
            case 1: Run<Count1, TVectors, TTile>(x, xStride, panel, steps, ref tile); break;
            case 2: Run<Count2, TVectors, TTile>(x, xStride, panel, steps, ref tile); break;
            case 3: Run<Count3, TVectors, TTile>(x, xStride, panel, steps, ref tile); break;
            case 4: Run<Count4, TVectors, TTile>(x, xStride, panel, steps, ref tile); break;
            case 5: Run<Count5, TVectors, TTile>(x, xStride, panel, steps, ref tile); break;
            case 6: Run<Count6, TVectors, TTile>(x, xStride, panel, steps, ref tile); break;
            case 7: Run<Count7, TVectors, TTile>(x, xStride, panel, steps, ref tile); break;
            case 8: Run<Count8, TVectors, TTile>(x, xStride, panel, steps, ref tile); break;
            case 9: Run<Count9, TVectors, TTile>(x, xStride, panel, steps, ref tile); break;
            case 10: Run<Count10, TVectors, TTile>(x, xStride, panel, steps, ref tile); break;
            case 11: Run<Count11, TVectors, TTile>(x, xStride, panel, steps, ref tile); break;
            case 12: Run<Count12, TVectors, TTile>(x, xStride, panel, steps, ref tile); break;
            case 13: Run<Count13, TVectors, TTile>(x, xStride, panel, steps, ref tile); break;
            case 14: Run<Count14, TVectors, TTile>(x, xStride, panel, steps, ref tile); break;
        }
    }

    [MethodImpl(Kernel.Compiled)]
    private static void Run<TRows, TVectors, TTile>(float* x, nint xStride, byte* panel, int steps, ref TTile tile)
        where TRows : struct, ICount
        where TVectors : struct, ICount
        where TTile : struct, ITile<V>
    {
        V c00 = tile.Start(0, 0);
        V c01 = TVectors.Value > 1 ? tile.Start(0, 1) : default;
        V c02 = TVectors.Value > 2 ? tile.Start(0, 2) : default;
        V c03 = TVectors.Value > 3 ? tile.Start(0, 3) : default;
        V c10 = TRows.Value > 1 ? tile.Start(1, 0) : default;
        V c11 = TRows.Value > 1 && TVectors.Value > 1 ? tile.Start(1, 1) : default;
        V c12 = TRows.Value > 1 && TVectors.Value > 2 ? tile.Start(1, 2) : default;
        V c13 = TRows.Value > 1 && TVectors.Value > 3 ? tile.Start(1, 3) : default;
        V c20 = TRows.Value > 2 ? tile.Start(2, 0) : default;
        V c21 = TRows.Value > 2 && TVectors.Value > 1 ? tile.Start(2, 1) : default;
        V c22 = TRows.Value > 2 && TVectors.Value > 2 ? tile.Start(2, 2) : default;
        V c23 = TRows.Value > 2 && TVectors.Value > 3 ? tile.Start(2, 3) : default;
        V c30 = TRows.Value > 3 ? tile.Start(3, 0) : default;
        V c31 = TRows.Value > 3 && TVectors.Value > 1 ? tile.Start(3, 1) : default;
        V c32 = TRows.Value > 3 && TVectors.Value > 2 ? tile.Start(3, 2) : default;
        V c33 = TRows.Value > 3 && TVectors.Value > 3 ? tile.Start(3, 3) : default;
        V c40 = TRows.Value > 4 ? tile.Start(4, 0) : default;
        V c41 = TRows.Value > 4 && TVectors.Value > 1 ? tile.Start(4, 1) : default;
        V c42 = TRows.Value > 4 && TVectors.Value > 2 ? tile.Start(4, 2) : default;
        V c43 = TRows.Value > 4 && TVectors.Value > 3 ? tile.Start(4, 3) : default;
        V c50 = TRows.Value > 5 ? tile.Start(5, 0) : default;
        V c51 = TRows.Value > 5 && TVectors.Value > 1 ? tile.Start(5, 1) : default;
        V c52 = TRows.Value > 5 && TVectors.Value > 2 ? tile.Start(5, 2) : default;
        V c53 = TRows.Value > 5 && TVectors.Value > 3 ? tile.Start(5, 3) : default;
        V c60 = TRows.Value > 6 ? tile.Start(6, 0) : default;
        V c61 = TRows.Value > 6 && TVectors.Value > 1 ? tile.Start(6, 1) : default;
        V c62 = TRows.Value > 6 && TVectors.Value > 2 ? tile.Start(6, 2) : default;
        V c70 = TRows.Value > 7 ? tile.Start(7, 0) : default;
        V c71 = TRows.Value > 7 && TVectors.Value > 1 ? tile.Start(7, 1) : default;
        V c72 = TRows.Value > 7 && TVectors.Value > 2 ? tile.Start(7, 2) : default;
        V c80 = TRows.Value > 8 ? tile.Start(8, 0) : default;
        V c81 = TRows.Value > 8 && TVectors.Value > 1 ? tile.Start(8, 1) : default;
        V c82 = TRows.Value > 8 && TVectors.Value > 2 ? tile.Start(8, 2) : default;
        V c90 = TRows.Value > 9 ? tile.Start(9, 0) : default;
        V c91 = TRows.Value > 9 && TVectors.Value > 1 ? tile.Start(9, 1) : default;
        V c100 = TRows.Value > 10 ? tile.Start(10, 0) : default;
        V c101 = TRows.Value > 10 && TVectors.Value > 1 ? tile.Start(10, 1) : default;
        V c110 = TRows.Value > 11 ? tile.Start(11, 0) : default;
        V c111 = TRows.Value > 11 && TVectors.Value > 1 ? tile.Start(11, 1) : default;
        V c120 = TRows.Value > 12 ? tile.Start(12, 0) : default;
        V c121 = TRows.Value > 12 && TVectors.Value > 1 ? tile.Start(12, 1) : default;
        V c130 = TRows.Value > 13 ? tile.Start(13, 0) : default;
        V c131 = TRows.Value > 13 && TVectors.Value > 1 ? tile.Start(13, 1) : default;

        // One pointer for three rows: x86 adds once or twice the stride in the address.
        float* x0 = x;
        float* x3 = x + (3 * xStride);
        float* x6 = x3 + (3 * xStride);
        float* x9 = x6 + (3 * xStride);
        float* x12 = x9 + (3 * xStride);
        for (; steps > 0; steps--)
        {
            V w0 = TStorage.Load<V>(panel, 0, TVectors.Value);
            V w1 = TVectors.Value > 1 ? TStorage.Load<V>(panel, 1, TVectors.Value) : default;
            V w2 = TVectors.Value > 2 ? TStorage.Load<V>(panel, 2, TVectors.Value) : default;
            V w3 = TVectors.Value > 3 ? TStorage.Load<V>(panel, 3, TVectors.Value) : default;
            panel += TStorage.RowBytes<V>(TVectors.Value);
            V a;
            a = V.Broadcast(x0);
            c00 = TStorage.MultiplyAdd(a, w0, c00);
            if (TVectors.Value > 1) c01 = TStorage.MultiplyAdd(a, w1, c01);
            if (TVectors.Value > 2) c02 = TStorage.MultiplyAdd(a, w2, c02);
            if (TVectors.Value > 3) c03 = TStorage.MultiplyAdd(a, w3, c03);

            if (TRows.Value > 1)
            {
                a = V.Broadcast(x0 + xStride);
                c10 = TStorage.MultiplyAdd(a, w0, c10);
                if (TVectors.Value > 1) c11 = TStorage.MultiplyAdd(a, w1, c11);
                if (TVectors.Value > 2) c12 = TStorage.MultiplyAdd(a, w2, c12);
                if (TVectors.Value > 3) c13 = TStorage.MultiplyAdd(a, w3, c13);
            }

            if (TRows.Value > 2)
            {
                a = V.Broadcast(x0 + (2 * xStride));
                c20 = TStorage.MultiplyAdd(a, w0, c20);
                if (TVectors.Value > 1) c21 = TStorage.MultiplyAdd(a, w1, c21);
                if (TVectors.Value > 2) c22 = TStorage.MultiplyAdd(a, w2, c22);
                if (TVectors.Value > 3) c23 = TStorage.MultiplyAdd(a, w3, c23);
            }

            if (TRows.Value > 3)
            {
                a = V.Broadcast(x3);
                c30 = TStorage.MultiplyAdd(a, w0, c30);
                if (TVectors.Value > 1) c31 = TStorage.MultiplyAdd(a, w1, c31);
                if (TVectors.Value > 2) c32 = TStorage.MultiplyAdd(a, w2, c32);
                if (TVectors.Value > 3) c33 = TStorage.MultiplyAdd(a, w3, c33);
            }

            if (TRows.Value > 4)
            {
                a = V.Broadcast(x3 + xStride);
                c40 = TStorage.MultiplyAdd(a, w0, c40);
                if (TVectors.Value > 1) c41 = TStorage.MultiplyAdd(a, w1, c41);
                if (TVectors.Value > 2) c42 = TStorage.MultiplyAdd(a, w2, c42);
                if (TVectors.Value > 3) c43 = TStorage.MultiplyAdd(a, w3, c43);
            }

            if (TRows.Value > 5)
            {
                a = V.Broadcast(x3 + (2 * xStride));
                c50 = TStorage.MultiplyAdd(a, w0, c50);
                if (TVectors.Value > 1) c51 = TStorage.MultiplyAdd(a, w1, c51);
                if (TVectors.Value > 2) c52 = TStorage.MultiplyAdd(a, w2, c52);
                if (TVectors.Value > 3) c53 = TStorage.MultiplyAdd(a, w3, c53);
            }

            if (TRows.Value > 6)
            {
                a = V.Broadcast(x6);
                c60 = TStorage.MultiplyAdd(a, w0, c60);
                if (TVectors.Value > 1) c61 = TStorage.MultiplyAdd(a, w1, c61);
                if (TVectors.Value > 2) c62 = TStorage.MultiplyAdd(a, w2, c62);
            }

            if (TRows.Value > 7)
            {
                a = V.Broadcast(x6 + xStride);
                c70 = TStorage.MultiplyAdd(a, w0, c70);
                if (TVectors.Value > 1) c71 = TStorage.MultiplyAdd(a, w1, c71);
                if (TVectors.Value > 2) c72 = TStorage.MultiplyAdd(a, w2, c72);
            }

            if (TRows.Value > 8)
            {
                a = V.Broadcast(x6 + (2 * xStride));
                c80 = TStorage.MultiplyAdd(a, w0, c80);
                if (TVectors.Value > 1) c81 = TStorage.MultiplyAdd(a, w1, c81);
                if (TVectors.Value > 2) c82 = TStorage.MultiplyAdd(a, w2, c82);
            }

            if (TRows.Value > 9)
            {
                a = V.Broadcast(x9);
                c90 = TStorage.MultiplyAdd(a, w0, c90);
                if (TVectors.Value > 1) c91 = TStorage.MultiplyAdd(a, w1, c91);
            }

            if (TRows.Value > 10)
            {
                a = V.Broadcast(x9 + xStride);
                c100 = TStorage.MultiplyAdd(a, w0, c100);
                if (TVectors.Value > 1) c101 = TStorage.MultiplyAdd(a, w1, c101);
            }

            if (TRows.Value > 11)
            {
                a = V.Broadcast(x9 + (2 * xStride));
                c110 = TStorage.MultiplyAdd(a, w0, c110);
                if (TVectors.Value > 1) c111 = TStorage.MultiplyAdd(a, w1, c111);
            }

            if (TRows.Value > 12)
            {
                a = V.Broadcast(x12);
                c120 = TStorage.MultiplyAdd(a, w0, c120);
                if (TVectors.Value > 1) c121 = TStorage.MultiplyAdd(a, w1, c121);
            }

            if (TRows.Value > 13)
            {
                a = V.Broadcast(x12 + xStride);
                c130 = TStorage.MultiplyAdd(a, w0, c130);
                if (TVectors.Value > 1) c131 = TStorage.MultiplyAdd(a, w1, c131);
            }

            x0++;
            if (TRows.Value > 3) x3++;
            if (TRows.Value > 6) x6++;
            if (TRows.Value > 9) x9++;
            if (TRows.Value > 12) x12++;
        }

        tile.Finish(0, c00, c01, c02, c03);
        if (TRows.Value > 1) tile.Finish(1, c10, c11, c12, c13);
        if (TRows.Value > 2) tile.Finish(2, c20, c21, c22, c23);
        if (TRows.Value > 3) tile.Finish(3, c30, c31, c32, c33);
        if (TRows.Value > 4) tile.Finish(4, c40, c41, c42, c43);
        if (TRows.Value > 5) tile.Finish(5, c50, c51, c52, c53);
        if (TRows.Value > 6) tile.Finish(6, c60, c61, c62, default);
        if (TRows.Value > 7) tile.Finish(7, c70, c71, c72, default);
        if (TRows.Value > 8) tile.Finish(8, c80, c81, c82, default);
        if (TRows.Value > 9) tile.Finish(9, c90, c91, default, default);
        if (TRows.Value > 10) tile.Finish(10, c100, c101, default, default);
        if (TRows.Value > 11) tile.Finish(11, c110, c111, default, default);
        if (TRows.Value > 12) tile.Finish(12, c120, c121, default, default);
        if (TRows.Value > 13) tile.Finish(13, c130, c131, default, default);
    }
}
