using System.Diagnostics;
using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>Tiles of 1..7 rows x one panel of one vector of units, one tile after the other, all sums in registers.</summary>
/// <remarks>
/// Lane (row, unit) has four sums, the j-th over k = j, j + 4, j + 8, ...: so a single row keeps enough multiply-adds in flight. The first
/// starts with the bias; they end as (0 + 1) + (2 + 3). The order depends on the depth alone.
/// </remarks>
internal readonly unsafe struct NarrowKernel<V, TStorage> : IPanelKernel<V>
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    private const int Chains = 4;

    public static int Vectors => 1;

    public static int MaxRows => SimdRegisters.Count<V>() == 32 ? 7 : 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TEnd>(int height, int tiles, int first, float* x, nint xStride, byte* panel, int steps, in TEnd end)
        where TEnd : struct, ITileEnd<V>
    {
        Debug.Assert(height > 0 && height <= MaxRows && tiles > 0);
        switch (height)
        {
            case 1: Run<Count1, TEnd>(tiles, first, x, xStride, panel, steps, in end); break;
            case 2: Run<Count2, TEnd>(tiles, first, x, xStride, panel, steps, in end); break;
            case 3: Run<Count3, TEnd>(tiles, first, x, xStride, panel, steps, in end); break;
            case 4: Run<Count4, TEnd>(tiles, first, x, xStride, panel, steps, in end); break;
            case 5: Run<Count5, TEnd>(tiles, first, x, xStride, panel, steps, in end); break;
            case 6: Run<Count6, TEnd>(tiles, first, x, xStride, panel, steps, in end); break;
            case 7: Run<Count7, TEnd>(tiles, first, x, xStride, panel, steps, in end); break;
        }
    }

    [MethodImpl(Kernel.Compiled)]
    private static void Run<TRows, TEnd>(int tiles, int first, float* x, nint xStride, byte* panel, int steps, in TEnd end)
        where TRows : struct, ICount
        where TEnd : struct, ITileEnd<V>
    {
        int rowBytes = TStorage.RowBytes<V>(1);
        V bias = end.Bias(0);
        for (; tiles > 0; tiles--, first += TRows.Value, x += TRows.Value * xStride)
        {
            V c00 = bias, c01 = V.Zero, c02 = V.Zero, c03 = V.Zero;
            V c10 = TRows.Value > 1 ? bias : default, c11 = V.Zero, c12 = V.Zero, c13 = V.Zero;
            V c20 = TRows.Value > 2 ? bias : default, c21 = V.Zero, c22 = V.Zero, c23 = V.Zero;
            V c30 = TRows.Value > 3 ? bias : default, c31 = V.Zero, c32 = V.Zero, c33 = V.Zero;
            V c40 = TRows.Value > 4 ? bias : default, c41 = V.Zero, c42 = V.Zero, c43 = V.Zero;
            V c50 = TRows.Value > 5 ? bias : default, c51 = V.Zero, c52 = V.Zero, c53 = V.Zero;
            V c60 = TRows.Value > 6 ? bias : default, c61 = V.Zero, c62 = V.Zero, c63 = V.Zero;
            float* x0 = x;
            float* x3 = x + (3 * xStride);
            float* x6 = x3 + (3 * xStride);
            byte* w = panel;
            int left = steps;
            for (; left >= Chains; left -= Chains)
            {
                V w0 = TStorage.Load<V>(w, 0, 1);
                V w1 = TStorage.Load<V>(w + rowBytes, 0, 1);
                V w2 = TStorage.Load<V>(w + (2 * rowBytes), 0, 1);
                V w3 = TStorage.Load<V>(w + (3 * rowBytes), 0, 1);
                w += 4 * rowBytes;
                TStorage.AddProduct(ref c00, x0, w0);
                TStorage.AddProduct(ref c01, x0 + 1, w1);
                TStorage.AddProduct(ref c02, x0 + 2, w2);
                TStorage.AddProduct(ref c03, x0 + 3, w3);

                if (TRows.Value > 1)
                {
                    TStorage.AddProduct(ref c10, x0 + xStride, w0);
                    TStorage.AddProduct(ref c11, x0 + xStride + 1, w1);
                    TStorage.AddProduct(ref c12, x0 + xStride + 2, w2);
                    TStorage.AddProduct(ref c13, x0 + xStride + 3, w3);
                }

                if (TRows.Value > 2)
                {
                    TStorage.AddProduct(ref c20, x0 + (2 * xStride), w0);
                    TStorage.AddProduct(ref c21, x0 + (2 * xStride) + 1, w1);
                    TStorage.AddProduct(ref c22, x0 + (2 * xStride) + 2, w2);
                    TStorage.AddProduct(ref c23, x0 + (2 * xStride) + 3, w3);
                }

                if (TRows.Value > 3)
                {
                    TStorage.AddProduct(ref c30, x3, w0);
                    TStorage.AddProduct(ref c31, x3 + 1, w1);
                    TStorage.AddProduct(ref c32, x3 + 2, w2);
                    TStorage.AddProduct(ref c33, x3 + 3, w3);
                }

                if (TRows.Value > 4)
                {
                    TStorage.AddProduct(ref c40, x3 + xStride, w0);
                    TStorage.AddProduct(ref c41, x3 + xStride + 1, w1);
                    TStorage.AddProduct(ref c42, x3 + xStride + 2, w2);
                    TStorage.AddProduct(ref c43, x3 + xStride + 3, w3);
                }

                if (TRows.Value > 5)
                {
                    TStorage.AddProduct(ref c50, x3 + (2 * xStride), w0);
                    TStorage.AddProduct(ref c51, x3 + (2 * xStride) + 1, w1);
                    TStorage.AddProduct(ref c52, x3 + (2 * xStride) + 2, w2);
                    TStorage.AddProduct(ref c53, x3 + (2 * xStride) + 3, w3);
                }

                if (TRows.Value > 6)
                {
                    TStorage.AddProduct(ref c60, x6, w0);
                    TStorage.AddProduct(ref c61, x6 + 1, w1);
                    TStorage.AddProduct(ref c62, x6 + 2, w2);
                    TStorage.AddProduct(ref c63, x6 + 3, w3);
                }

                x0 += Chains;
                if (TRows.Value > 3) x3 += Chains;
                if (TRows.Value > 6) x6 += Chains;
            }

            if (left > 0)
            {
                V w0 = TStorage.Load<V>(w, 0, 1);
                TStorage.AddProduct(ref c00, x0, w0);
                if (TRows.Value > 1) TStorage.AddProduct(ref c10, x0 + xStride, w0);
                if (TRows.Value > 2) TStorage.AddProduct(ref c20, x0 + (2 * xStride), w0);
                if (TRows.Value > 3) TStorage.AddProduct(ref c30, x3, w0);
                if (TRows.Value > 4) TStorage.AddProduct(ref c40, x3 + xStride, w0);
                if (TRows.Value > 5) TStorage.AddProduct(ref c50, x3 + (2 * xStride), w0);
                if (TRows.Value > 6) TStorage.AddProduct(ref c60, x6, w0);
            }

            if (left > 1)
            {
                V w0 = TStorage.Load<V>(w + rowBytes, 0, 1);
                TStorage.AddProduct(ref c01, x0 + 1, w0);
                if (TRows.Value > 1) TStorage.AddProduct(ref c11, x0 + xStride + 1, w0);
                if (TRows.Value > 2) TStorage.AddProduct(ref c21, x0 + (2 * xStride) + 1, w0);
                if (TRows.Value > 3) TStorage.AddProduct(ref c31, x3 + 1, w0);
                if (TRows.Value > 4) TStorage.AddProduct(ref c41, x3 + xStride + 1, w0);
                if (TRows.Value > 5) TStorage.AddProduct(ref c51, x3 + (2 * xStride) + 1, w0);
                if (TRows.Value > 6) TStorage.AddProduct(ref c61, x6 + 1, w0);
            }

            if (left > 2)
            {
                V w0 = TStorage.Load<V>(w + (2 * rowBytes), 0, 1);
                TStorage.AddProduct(ref c02, x0 + 2, w0);
                if (TRows.Value > 1) TStorage.AddProduct(ref c12, x0 + xStride + 2, w0);
                if (TRows.Value > 2) TStorage.AddProduct(ref c22, x0 + (2 * xStride) + 2, w0);
                if (TRows.Value > 3) TStorage.AddProduct(ref c32, x3 + 2, w0);
                if (TRows.Value > 4) TStorage.AddProduct(ref c42, x3 + xStride + 2, w0);
                if (TRows.Value > 5) TStorage.AddProduct(ref c52, x3 + (2 * xStride) + 2, w0);
                if (TRows.Value > 6) TStorage.AddProduct(ref c62, x6 + 2, w0);
            }

            end.Finish(first, 0, TStorage.Sum(c00, c01, c02, c03));
            if (TRows.Value > 1) end.Finish(first, 1, TStorage.Sum(c10, c11, c12, c13));
            if (TRows.Value > 2) end.Finish(first, 2, TStorage.Sum(c20, c21, c22, c23));
            if (TRows.Value > 3) end.Finish(first, 3, TStorage.Sum(c30, c31, c32, c33));
            if (TRows.Value > 4) end.Finish(first, 4, TStorage.Sum(c40, c41, c42, c43));
            if (TRows.Value > 5) end.Finish(first, 5, TStorage.Sum(c50, c51, c52, c53));
            if (TRows.Value > 6) end.Finish(first, 6, TStorage.Sum(c60, c61, c62, c63));
            end.Complete(first, TRows.Value);
        }
    }
}
