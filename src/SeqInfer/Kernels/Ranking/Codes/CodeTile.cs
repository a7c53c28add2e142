using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ranking.Codes;

/// <summary>The products of one to four coded queries with a panel of coded items, compared in registers with what each query still needs.</summary>
internal static unsafe class CodeTile<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>Rows of the largest tile.</summary>
    public const int MaxRows = 4;

    /// <summary>Compares a tile; see <see cref="Run{TRows}"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Run(int rows, in CodedQueries<V> queries, int query, float* panel, float* bias, uint* passes) => rows switch
    {
        1 => Run<Count1>(queries, query, panel, bias, passes),
        2 => Run<Count2>(queries, query, panel, bias, passes),
        3 => Run<Count3>(queries, query, panel, bias, passes),
        _ => Run<Count4>(queries, query, panel, bias, passes),
    };

    /// <summary>Compares a tile.</summary>
    /// <param name="queries">The queries, their limits set for the panel.</param>
    /// <param name="query">The tile's first query.</param>
    /// <param name="panel">The panel's codes.</param>
    /// <param name="bias">The biases of the panel's items.</param>
    /// <param name="passes">Receives one bit an item for each query of the tile: whether it can still enter the list.</param>
    /// <returns>The union of the bits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Run<TRows>(in CodedQueries<V> queries, int query, float* panel, float* bias, uint* passes)
        where TRows : struct, ICount
    {
        int groups = queries.GroupCount;
        float* row0 = queries.Codes + ((nint)query * groups);
        float* row1 = row0 + (TRows.Value > 1 ? groups : 0);
        float* row2 = row1 + (TRows.Value > 2 ? groups : 0);
        float* row3 = row2 + (TRows.Value > 3 ? groups : 0);
        V a0 = V.Broadcast(queries.Starts + query);
        V a1 = a0;
        V b0 = TRows.Value > 1 ? V.Broadcast(queries.Starts + query + 1) : default;
        V b1 = b0;
        V c0 = TRows.Value > 2 ? V.Broadcast(queries.Starts + query + 2) : default;
        V c1 = c0;
        V d0 = TRows.Value > 3 ? V.Broadcast(queries.Starts + query + 3) : default;
        V d1 = d0;
        for (nint g = 0; g < groups; g++)
        {
            V x0 = V.Load(panel);
            V x1 = V.Load(panel + V.Width);
            panel += 2 * V.Width;
            V q = V.Broadcast(row0 + g);
            a0 = V.AddByteProducts(x0, q, a0);
            a1 = V.AddByteProducts(x1, q, a1);
            if (TRows.Value > 1)
            {
                q = V.Broadcast(row1 + g);
                b0 = V.AddByteProducts(x0, q, b0);
                b1 = V.AddByteProducts(x1, q, b1);
            }

            if (TRows.Value > 2)
            {
                q = V.Broadcast(row2 + g);
                c0 = V.AddByteProducts(x0, q, c0);
                c1 = V.AddByteProducts(x1, q, c1);
            }

            if (TRows.Value > 3)
            {
                q = V.Broadcast(row3 + g);
                d0 = V.AddByteProducts(x0, q, d0);
                d1 = V.AddByteProducts(x1, q, d1);
            }
        }

        V low = V.Load(bias);
        V high = V.Load(bias + V.Width);
        uint union = passes[0] = Compare(queries, query, a0, a1, low, high);
        if (TRows.Value > 1) union |= passes[1] = Compare(queries, query + 1, b0, b1, low, high);
        if (TRows.Value > 2) union |= passes[2] = Compare(queries, query + 2, c0, c1, low, high);
        if (TRows.Value > 3) union |= passes[3] = Compare(queries, query + 3, d0, d1, low, high);
        return union;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Compare(in CodedQueries<V> queries, int query, V first, V second, V low, V high)
    {
        V scale = V.Broadcast(queries.Scales + query);
        V limit = V.Broadcast(queries.Limits + query);
        low = V.Fma(V.ConvertInt32ToSingle(first), scale, low);
        high = V.Fma(V.ConvertInt32ToSingle(second), scale, high);
        return V.MoveMask(V.GreaterThanOrEqual(low, limit)) | (V.MoveMask(V.GreaterThanOrEqual(high, limit)) << V.Width);
    }
}
