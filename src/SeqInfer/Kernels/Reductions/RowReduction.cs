using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Reductions;

/// <summary>The loop behind every row reduction.</summary>
internal static unsafe class RowReduction
{
    /// <summary>
    /// Reduces x[0..n). Element i goes to lane i mod Width of accumulator (i / Width) mod 4, or of accumulator 0 behind the last whole
    /// group of four, so the order depends on n and the width alone.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of<V, TReduction>(float* x, int n, TReduction reduction)
        where V : unmanaged, ISimd<V>
        where TReduction : struct, IReduction => reduction.Collapse(Lanes<V, TReduction>(x, n, reduction));

    /// <summary>The same before the lanes are joined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Lanes<V, TReduction>(float* x, int n, TReduction reduction)
        where V : unmanaged, ISimd<V>
        where TReduction : struct, IReduction
    {
        V a = reduction.Start<V>();
        int i = 0;
        if (n >= 4 * V.Width)
        {
            V b = reduction.Start<V>();
            V c = b;
            V d = b;
            for (; i <= n - 4 * V.Width; i += 4 * V.Width)
            {
                a = reduction.Accumulate(a, V.Load(x + i));
                b = reduction.Accumulate(b, V.Load(x + i + V.Width));
                c = reduction.Accumulate(c, V.Load(x + i + 2 * V.Width));
                d = reduction.Accumulate(d, V.Load(x + i + 3 * V.Width));
            }

            a = reduction.Merge(reduction.Merge(a, c), reduction.Merge(b, d));
        }

        for (; i <= n - V.Width; i += V.Width) a = reduction.Accumulate(a, V.Load(x + i));
        if (i < n)
        {
            V tail = reduction.Accumulate(a, V.LoadPartial(x + i, n - i));
            a = V.Select(V.FirstLanes(n - i), tail, a);
        }

        return a;
    }
}
