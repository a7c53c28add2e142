using System.Diagnostics;
using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Gemm;

/// <summary>Tiles of 1..14 rows x one panel of at most eight units, in vectors of sixteen lanes: two k at a time.</summary>
/// <remarks>
/// Lane 2n + j of a row's two sums belongs to unit n: the first sum takes k = 0, 1, 4, 5, ..., the second k = 2, 3, 6, 7, .... That makes the
/// four chains of <see cref="NarrowKernel{V, TStorage}"/>, which end in the same order: the same bits in half as many multiply-adds and loads.
/// </remarks>
internal readonly unsafe struct PairKernel<TStorage> : IPanelKernel<F256>
    where TStorage : struct, IWeightStorage
{
    private const int Chains = PairPanel<TStorage>.Granularity;

    public static int Vectors => 1;

    public static int MaxRows => 14;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TEnd>(int height, int tiles, int first, float* x, nint xStride, byte* panel, int steps, in TEnd end)
        where TEnd : struct, ITileEnd<F256>
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

    [SkipLocalsInit]
    [MethodImpl(Kernel.Compiled)]
    private static void Run<TRows, TEnd>(int tiles, int first, float* x, nint xStride, byte* panel, int steps, in TEnd end)
        where TRows : struct, ICount
        where TEnd : struct, ITileEnd<F256>
    {
        float* rest = stackalloc float[14 * Chains];
        int rowBytes = TStorage.RowBytes<F512>(1);
        F512 bias = F512.ToPairs(end.Bias(0));
        for (; tiles > 0; tiles--, first += TRows.Value, x += TRows.Value * xStride)
        {
            if (TRows.Value > 1 && steps % Chains != 0) CopyRest(x, xStride, TRows.Value, steps, rest);
            F512 c00 = bias, c01 = F512.Zero;
            F512 c10 = TRows.Value > 1 ? bias : default, c11 = F512.Zero;
            F512 c20 = TRows.Value > 2 ? bias : default, c21 = F512.Zero;
            F512 c30 = TRows.Value > 3 ? bias : default, c31 = F512.Zero;
            F512 c40 = TRows.Value > 4 ? bias : default, c41 = F512.Zero;
            F512 c50 = TRows.Value > 5 ? bias : default, c51 = F512.Zero;
            F512 c60 = TRows.Value > 6 ? bias : default, c61 = F512.Zero;
            F512 c70 = TRows.Value > 7 ? bias : default, c71 = F512.Zero;
            F512 c80 = TRows.Value > 8 ? bias : default, c81 = F512.Zero;
            F512 c90 = TRows.Value > 9 ? bias : default, c91 = F512.Zero;
            F512 c100 = TRows.Value > 10 ? bias : default, c101 = F512.Zero;
            F512 c110 = TRows.Value > 11 ? bias : default, c111 = F512.Zero;
            F512 c120 = TRows.Value > 12 ? bias : default, c121 = F512.Zero;
            F512 c130 = TRows.Value > 13 ? bias : default, c131 = F512.Zero;
            nint stride = xStride;
            float* x0 = x;
            float* x3 = x0 + (3 * stride);
            float* x6 = x3 + (3 * stride);
            float* x9 = x6 + (3 * stride);
            float* x12 = x9 + (3 * stride);
            byte* w = panel;
            int left = steps;
            for (; left > 0; left -= Chains)
            {
                if (left < Chains)
                {
                    if (TRows.Value == 1) break;
                    stride = Chains;
                    x0 = rest;
                    x3 = rest + (3 * Chains);
                    x6 = rest + (6 * Chains);
                    x9 = rest + (9 * Chains);
                    x12 = rest + (12 * Chains);
                }

                F512 w0 = TStorage.Load<F512>(w, 0, 1);
                F512 w1 = TStorage.Load<F512>(w + rowBytes, 0, 1);
                w += 2 * rowBytes;
                F512.AddPairProduct(ref c00, x0, w0);
                F512.AddPairProduct(ref c01, x0 + 2, w1);
                if (TRows.Value > 1)
                {
                    F512.AddPairProduct(ref c10, x0 + stride, w0);
                    F512.AddPairProduct(ref c11, x0 + stride + 2, w1);
                }

                if (TRows.Value > 2)
                {
                    F512.AddPairProduct(ref c20, x0 + (2 * stride), w0);
                    F512.AddPairProduct(ref c21, x0 + (2 * stride) + 2, w1);
                }

                if (TRows.Value > 3)
                {
                    F512.AddPairProduct(ref c30, x3, w0);
                    F512.AddPairProduct(ref c31, x3 + 2, w1);
                }

                if (TRows.Value > 4)
                {
                    F512.AddPairProduct(ref c40, x3 + stride, w0);
                    F512.AddPairProduct(ref c41, x3 + stride + 2, w1);
                }

                if (TRows.Value > 5)
                {
                    F512.AddPairProduct(ref c50, x3 + (2 * stride), w0);
                    F512.AddPairProduct(ref c51, x3 + (2 * stride) + 2, w1);
                }

                if (TRows.Value > 6)
                {
                    F512.AddPairProduct(ref c60, x6, w0);
                    F512.AddPairProduct(ref c61, x6 + 2, w1);
                }

                if (TRows.Value > 7)
                {
                    F512.AddPairProduct(ref c70, x6 + stride, w0);
                    F512.AddPairProduct(ref c71, x6 + stride + 2, w1);
                }

                if (TRows.Value > 8)
                {
                    F512.AddPairProduct(ref c80, x6 + (2 * stride), w0);
                    F512.AddPairProduct(ref c81, x6 + (2 * stride) + 2, w1);
                }

                if (TRows.Value > 9)
                {
                    F512.AddPairProduct(ref c90, x9, w0);
                    F512.AddPairProduct(ref c91, x9 + 2, w1);
                }

                if (TRows.Value > 10)
                {
                    F512.AddPairProduct(ref c100, x9 + stride, w0);
                    F512.AddPairProduct(ref c101, x9 + stride + 2, w1);
                }

                if (TRows.Value > 11)
                {
                    F512.AddPairProduct(ref c110, x9 + (2 * stride), w0);
                    F512.AddPairProduct(ref c111, x9 + (2 * stride) + 2, w1);
                }

                if (TRows.Value > 12)
                {
                    F512.AddPairProduct(ref c120, x12, w0);
                    F512.AddPairProduct(ref c121, x12 + 2, w1);
                }

                if (TRows.Value > 13)
                {
                    F512.AddPairProduct(ref c130, x12 + stride, w0);
                    F512.AddPairProduct(ref c131, x12 + stride + 2, w1);
                }

                x0 += Chains;
                if (TRows.Value > 3) x3 += Chains;
                if (TRows.Value > 6) x6 += Chains;
                if (TRows.Value > 9) x9 += Chains;
                if (TRows.Value > 12) x12 += Chains;
            }

            // A lone row would wait for the copy
            if (TRows.Value == 1 && left > 0)
            {
                F512.AddPairProduct(ref c00, FirstPair(x0, left), TStorage.Load<F512>(w, 0, 1));
                F512.AddPairProduct(ref c01, SecondPair(x0, left), TStorage.Load<F512>(w + rowBytes, 0, 1));
            }

            Finish<TRows, TEnd>(in end, first, 0, F512.SumPairs(c00, c01, c10, c11));
            if (TRows.Value > 2) Finish<TRows, TEnd>(in end, first, 2, F512.SumPairs(c20, c21, c30, c31));
            if (TRows.Value > 4) Finish<TRows, TEnd>(in end, first, 4, F512.SumPairs(c40, c41, c50, c51));
            if (TRows.Value > 6) Finish<TRows, TEnd>(in end, first, 6, F512.SumPairs(c60, c61, c70, c71));
            if (TRows.Value > 8) Finish<TRows, TEnd>(in end, first, 8, F512.SumPairs(c80, c81, c90, c91));
            if (TRows.Value > 10) Finish<TRows, TEnd>(in end, first, 10, F512.SumPairs(c100, c101, c110, c111));
            if (TRows.Value > 12) Finish<TRows, TEnd>(in end, first, 12, F512.SumPairs(c120, c121, c130, c131));
            end.Complete(first, TRows.Value);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TRows, TEnd>(in TEnd end, int first, int row, F512 sums)
        where TRows : struct, ICount
        where TEnd : struct, ITileEnd<F256>
    {
        end.Finish(first, row, F512.Lower(sums));
        if (row + 1 < TRows.Value) end.Finish(first, row + 1, F512.Upper(sums));
    }

    // The last k where they are no whole step, behind them zeros.
    [MethodImpl(Kernel.Compiled)]
    private static void CopyRest(float* x, nint xStride, int rows, int steps, float* rest)
    {
        int left = steps % Chains;
        x += steps - left;
        for (int row = 0; row < rows; row++, x += xStride, rest += Chains)
        {
            // Stored as it will be loaded: else loads wait until stores are in the cache
            ((long*)rest)[0] = FirstPair(x, left);
            ((long*)rest)[1] = SecondPair(x, left);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long FirstPair(float* x, int left) => left > 1 ? *(long*)x : *(uint*)x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long SecondPair(float* x, int left) => left > 2 ? *(uint*)(x + 2) : 0;
}
