using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ranking;

/// <summary>Scoring and selection in one pass: a panel of items is scored for all queries, and scores never leave the first-level cache.</summary>
internal static unsafe class TopKKernel<V, TStorage>
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    /// <summary>Offers the items of some panels to the lists of all queries. Strides count elements.</summary>
    /// <param name="items">The catalogue.</param>
    /// <param name="queries">What is asked, and where the answers go.</param>
    /// <param name="firstPanel">The first panel.</param>
    /// <param name="endPanel">The panel behind the last one.</param>
    /// <param name="scratch">That of <see cref="ItemVectors"/>.</param>
    [MethodImpl(Kernel.Compiled)]
    public static void Scan(in ItemVectors items, in TopKQueries queries, int firstPanel, int endPanel, float* scratch)
    {
        ScoreTile memory;
        float* tile = ScoreTile.Align(&memory);

        // For a lone query one stream is what the hardware reads fastest, and nothing is to be asked for
        if (queries.Count == 1 && items.Panels != null)
            ScanTiles<Count0>(items, queries, firstPanel, endPanel, scratch, tile);
        else
            ScanTiles<Count1>(items, queries, firstPanel, endPanel, scratch, tile);
    }

    [MethodImpl(Kernel.Compiled)]
    private static void ScanTiles<TReadsAhead>(in ItemVectors items, in TopKQueries queries, int panel, int endPanel, float* scratch, float* tile)
        where TReadsAhead : struct, ICount
    {
        int tiles = Math.Max(1, RowTiles<V, WideKernel<V, TStorage>>.CountFor(queries.Count));
        int aheadStep = (Panel<V>.Width + tiles - 1) / tiles;
        for (; panel < endPanel; panel++)
        {
            TopKEnd<V, TReadsAhead> end = new(items, queries, panel, aheadStep, tile);
            float* vectors = items.OnePanel<V>(panel, scratch);
            RowTiles<V, WideKernel<V, TStorage>>.Run(queries.Rows, queries.Stride, queries.Count, (byte*)vectors, items.Depth, in end);
        }
    }
}
