using System.Diagnostics;
using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>Tiles of 1..14 rows x one panel of two vectors of units, one tile after the other, all sums in registers.</summary>
/// <remarks>
/// Lane (row, unit) is bias + x[row, 0] w[0, unit] + x[row, 1] w[1, unit] + ..., one fused multiply-add after the other, so a row's result does not
/// depend on the tile it falls into.
/// </remarks>
internal readonly unsafe struct WideKernel<V, TStorage> : IPanelKernel<V>
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    public static int Vectors => 2;

    public static int MaxRows => Math.Min(14, (SimdRegisters.Count<V>() - 3) / 2);

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
            case 8: Run<Count8, TEnd>(tiles, first, x, xStride, panel, steps, in end); break;
            case 9: Run<Count9, TEnd>(tiles, first, x, xStride, panel, steps, in end); break;
            case 10: Run<Count10, TEnd>(tiles, first, x, xStride, panel, steps, in end); break;
            case 11: Run<Count11, TEnd>(tiles, first, x, xStride, panel, steps, in end); break;
            case 12: Run<Count12, TEnd>(tiles, first, x, xStride, panel, steps, in end); break;
            case 13: Run<Count13, TEnd>(tiles, first, x, xStride, panel, steps, in end); break;
            case 14: Run<Count14, TEnd>(tiles, first, x, xStride, panel, steps, in end); break;
        }
    }

    [MethodImpl(Kernel.Compiled)]
    private static void Run<TRows, TEnd>(int tiles, int first, float* x, nint xStride, byte* panel, int steps, in TEnd tileEnd)
        where TRows : struct, ICount
        where TEnd : struct, ITileEnd<V>
    {
        // C# copies a struct for every call through an interface unless it may be written to
        ref TEnd end = ref Unsafe.AsRef(in tileEnd);
        for (; tiles > 0; tiles--, first += TRows.Value, x += TRows.Value * xStride)
        {
            V bias0 = end.Bias(0);
            V bias1 = end.Bias(1);
            V c00 = bias0, c01 = bias1;
            V c10 = TRows.Value > 1 ? bias0 : default, c11 = TRows.Value > 1 ? bias1 : default;
            V c20 = TRows.Value > 2 ? bias0 : default, c21 = TRows.Value > 2 ? bias1 : default;
            V c30 = TRows.Value > 3 ? bias0 : default, c31 = TRows.Value > 3 ? bias1 : default;
            V c40 = TRows.Value > 4 ? bias0 : default, c41 = TRows.Value > 4 ? bias1 : default;
            V c50 = TRows.Value > 5 ? bias0 : default, c51 = TRows.Value > 5 ? bias1 : default;
            V c60 = TRows.Value > 6 ? bias0 : default, c61 = TRows.Value > 6 ? bias1 : default;
            V c70 = TRows.Value > 7 ? bias0 : default, c71 = TRows.Value > 7 ? bias1 : default;
            V c80 = TRows.Value > 8 ? bias0 : default, c81 = TRows.Value > 8 ? bias1 : default;
            V c90 = TRows.Value > 9 ? bias0 : default, c91 = TRows.Value > 9 ? bias1 : default;
            V c100 = TRows.Value > 10 ? bias0 : default, c101 = TRows.Value > 10 ? bias1 : default;
            V c110 = TRows.Value > 11 ? bias0 : default, c111 = TRows.Value > 11 ? bias1 : default;
            V c120 = TRows.Value > 12 ? bias0 : default, c121 = TRows.Value > 12 ? bias1 : default;
            V c130 = TRows.Value > 13 ? bias0 : default, c131 = TRows.Value > 13 ? bias1 : default;

            // One pointer for three rows: x86 adds once or twice the stride in the address.
            float* x0 = x;
            float* x3 = x + (3 * xStride);
            float* x6 = x3 + (3 * xStride);
            float* x9 = x6 + (3 * xStride);
            float* x12 = x9 + (3 * xStride);
            byte* w = panel;
            float* ahead = TEnd.ReadsAhead ? end.Ahead(first).Address : null;
            nint aheadStep = TEnd.ReadsAhead ? end.Ahead(first).Step : 0;
            for (int left = steps; left > 0; left--)
            {
                if (TEnd.ReadsAhead)
                {
                    Prefetch.Line(ahead);
                    if (V.Width == 16 && aheadStep > V.Width) Prefetch.Line(ahead + V.Width);
                    ahead += aheadStep;
                }

                V w0 = TStorage.Load<V>(w, 0, 2);
                V w1 = TStorage.Load<V>(w, 1, 2);
                w += TStorage.RowBytes<V>(2);
                {
                    V a = V.Broadcast(x0);
                    TStorage.AddProduct(ref c00, a, w0);
                    TStorage.AddProduct(ref c01, a, w1);
                }

                if (TRows.Value > 1)
                {
                    V a = V.Broadcast(x0 + xStride);
                    TStorage.AddProduct(ref c10, a, w0);
                    TStorage.AddProduct(ref c11, a, w1);
                }

                if (TRows.Value > 2)
                {
                    V a = V.Broadcast(x0 + (2 * xStride));
                    TStorage.AddProduct(ref c20, a, w0);
                    TStorage.AddProduct(ref c21, a, w1);
                }

                if (TRows.Value > 3)
                {
                    V a = V.Broadcast(x3);
                    TStorage.AddProduct(ref c30, a, w0);
                    TStorage.AddProduct(ref c31, a, w1);
                }

                if (TRows.Value > 4)
                {
                    V a = V.Broadcast(x3 + xStride);
                    TStorage.AddProduct(ref c40, a, w0);
                    TStorage.AddProduct(ref c41, a, w1);
                }

                if (TRows.Value > 5)
                {
                    V a = V.Broadcast(x3 + (2 * xStride));
                    TStorage.AddProduct(ref c50, a, w0);
                    TStorage.AddProduct(ref c51, a, w1);
                }

                if (TRows.Value > 6)
                {
                    V a = V.Broadcast(x6);
                    TStorage.AddProduct(ref c60, a, w0);
                    TStorage.AddProduct(ref c61, a, w1);
                }

                if (TRows.Value > 7)
                {
                    V a = V.Broadcast(x6 + xStride);
                    TStorage.AddProduct(ref c70, a, w0);
                    TStorage.AddProduct(ref c71, a, w1);
                }

                if (TRows.Value > 8)
                {
                    V a = V.Broadcast(x6 + (2 * xStride));
                    TStorage.AddProduct(ref c80, a, w0);
                    TStorage.AddProduct(ref c81, a, w1);
                }

                if (TRows.Value > 9)
                {
                    V a = V.Broadcast(x9);
                    TStorage.AddProduct(ref c90, a, w0);
                    TStorage.AddProduct(ref c91, a, w1);
                }

                if (TRows.Value > 10)
                {
                    V a = V.Broadcast(x9 + xStride);
                    TStorage.AddProduct(ref c100, a, w0);
                    TStorage.AddProduct(ref c101, a, w1);
                }

                if (TRows.Value > 11)
                {
                    V a = V.Broadcast(x9 + (2 * xStride));
                    TStorage.AddProduct(ref c110, a, w0);
                    TStorage.AddProduct(ref c111, a, w1);
                }

                if (TRows.Value > 12)
                {
                    V a = V.Broadcast(x12);
                    TStorage.AddProduct(ref c120, a, w0);
                    TStorage.AddProduct(ref c121, a, w1);
                }

                if (TRows.Value > 13)
                {
                    V a = V.Broadcast(x12 + xStride);
                    TStorage.AddProduct(ref c130, a, w0);
                    TStorage.AddProduct(ref c131, a, w1);
                }

                x0++;
                if (TRows.Value > 3) x3++;
                if (TRows.Value > 6) x6++;
                if (TRows.Value > 9) x9++;
                if (TRows.Value > 12) x12++;
            }

            end.Finish(first, 0, c00, c01);
            if (TRows.Value > 1) end.Finish(first, 1, c10, c11);
            if (TRows.Value > 2) end.Finish(first, 2, c20, c21);
            if (TRows.Value > 3) end.Finish(first, 3, c30, c31);
            if (TRows.Value > 4) end.Finish(first, 4, c40, c41);
            if (TRows.Value > 5) end.Finish(first, 5, c50, c51);
            if (TRows.Value > 6) end.Finish(first, 6, c60, c61);
            if (TRows.Value > 7) end.Finish(first, 7, c70, c71);
            if (TRows.Value > 8) end.Finish(first, 8, c80, c81);
            if (TRows.Value > 9) end.Finish(first, 9, c90, c91);
            if (TRows.Value > 10) end.Finish(first, 10, c100, c101);
            if (TRows.Value > 11) end.Finish(first, 11, c110, c111);
            if (TRows.Value > 12) end.Finish(first, 12, c120, c121);
            if (TRows.Value > 13) end.Finish(first, 13, c130, c131);
            end.Complete(first, TRows.Value);
        }
    }
}
