using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Attention;

/// <summary>
/// Scores of a few queries against keys that stand row by row: for queries so few that transposing the keys would cost more than the products.
/// </summary>
/// <remarks>
/// Lanes run over k; four keys join their lanes together. A score depends on its query and key alone, bit for bit, but is not that of
/// <see cref="KeyPanels{V}"/>, whose sum is one chain over k.
/// </remarks>
internal static unsafe class RowScores<V>
    where V : unmanaged, ISimd<V>
{
    private const int KeysTogether = 4;

    /// <summary>scores[r, j] = query r . key j, rows <see cref="AttentionKernel.KeyTile"/> apart; up to three places behind the last are written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* queries, nint queryStride, int rows, float* keys, nint keyStride, int count, int depth, float* scores)
    {
        for (int j = 0; j < count; j += KeysTogether, keys += KeysTogether * keyStride)
        {
            // Absent keys repeat the last one
            int last = Math.Min(KeysTogether, count - j) - 1;
            float* key1 = keys + (Math.Min(1, last) * keyStride);
            float* key2 = keys + (Math.Min(2, last) * keyStride);
            float* key3 = keys + (last * keyStride);
            float* query = queries;
            float* target = scores + j;
            int r = 0;
            for (; r < rows - 1; r += 2, query += 2 * queryStride, target += 2 * AttentionKernel.KeyTile)
                Two(query, query + queryStride, keys, key1, key2, key3, depth, target);
            if (r < rows) One(query, keys, key1, key2, key3, depth, target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(float* query, float* second, float* key0, float* key1, float* key2, float* key3, int depth, float* scores)
    {
        V a0 = V.Zero, a1 = V.Zero, a2 = V.Zero, a3 = V.Zero, b0 = V.Zero, b1 = V.Zero, b2 = V.Zero, b3 = V.Zero;
        nint k = 0;
        for (; k <= depth - V.Width; k += V.Width)
        {
            V q = V.Load(query + k);
            V p = V.Load(second + k);
            V x = V.Load(key0 + k);
            a0 = V.Fma(q, x, a0);
            b0 = V.Fma(p, x, b0);
            x = V.Load(key1 + k);
            a1 = V.Fma(q, x, a1);
            b1 = V.Fma(p, x, b1);
            x = V.Load(key2 + k);
            a2 = V.Fma(q, x, a2);
            b2 = V.Fma(p, x, b2);
            x = V.Load(key3 + k);
            a3 = V.Fma(q, x, a3);
            b3 = V.Fma(p, x, b3);
        }

        int left = depth - (int)k;
        if (left > 0)
        {
            V q = V.LoadPartial(query + k, left);
            V p = V.LoadPartial(second + k, left);
            V x = V.LoadPartial(key0 + k, left);
            a0 = V.Fma(q, x, a0);
            b0 = V.Fma(p, x, b0);
            x = V.LoadPartial(key1 + k, left);
            a1 = V.Fma(q, x, a1);
            b1 = V.Fma(p, x, b1);
            x = V.LoadPartial(key2 + k, left);
            a2 = V.Fma(q, x, a2);
            b2 = V.Fma(p, x, b2);
            x = V.LoadPartial(key3 + k, left);
            a3 = V.Fma(q, x, a3);
            b3 = V.Fma(p, x, b3);
        }

        V.SumFour(a0, a1, a2, a3, scores);
        V.SumFour(b0, b1, b2, b3, scores + AttentionKernel.KeyTile);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(float* query, float* key0, float* key1, float* key2, float* key3, int depth, float* scores)
    {
        V a0 = V.Zero, a1 = V.Zero, a2 = V.Zero, a3 = V.Zero;
        nint k = 0;
        for (; k <= depth - V.Width; k += V.Width)
        {
            V q = V.Load(query + k);
            a0 = V.Fma(q, V.Load(key0 + k), a0);
            a1 = V.Fma(q, V.Load(key1 + k), a1);
            a2 = V.Fma(q, V.Load(key2 + k), a2);
            a3 = V.Fma(q, V.Load(key3 + k), a3);
        }

        int left = depth - (int)k;
        if (left > 0)
        {
            V q = V.LoadPartial(query + k, left);
            a0 = V.Fma(q, V.LoadPartial(key0 + k, left), a0);
            a1 = V.Fma(q, V.LoadPartial(key1 + k, left), a1);
            a2 = V.Fma(q, V.LoadPartial(key2 + k, left), a2);
            a3 = V.Fma(q, V.LoadPartial(key3 + k, left), a3);
        }

        V.SumFour(a0, a1, a2, a3, scores);
    }
}
