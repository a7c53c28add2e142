using System.Runtime.CompilerServices;

namespace SeqInfer.Kernels.Simd;

/// <summary>Joins the lanes of four vectors in memory. Out of line, so that it does not use up the caller's inlining budget.</summary>
internal static unsafe class FourVectors<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>The four sums, the same bits as <see cref="ISimd{V}.Sum"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sum(float* vectors, float* sums) => V.SumFour(
        V.Load(vectors), V.Load(vectors + V.Width), V.Load(vectors + (2 * V.Width)), V.Load(vectors + (3 * V.Width)), sums);

    /// <summary>The four largest lanes, the same bits as <see cref="ISimd{V}.MaxElement"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Max(float* vectors, float* largest) => V.MaxFour(
        V.Load(vectors), V.Load(vectors + V.Width), V.Load(vectors + (2 * V.Width)), V.Load(vectors + (3 * V.Width)), largest);
}
