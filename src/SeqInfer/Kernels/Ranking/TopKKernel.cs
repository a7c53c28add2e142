using System.Numerics;
using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ranking;

/// <summary>
/// Scoring and selection in one pass: a panel of items is scored for a few queries, compared with each query's threshold as a vector, and
/// only what passes is looked at one by one. Scores never leave the first-level cache.
/// </summary>
internal static unsafe class TopKKernel<V, TTerm>
    where V : unmanaged, ISimd<V>
    where TTerm : struct, ITerm
{
    /// <summary>Offers all items to the lists of <paramref name="queryCount"/> queries. Strides count elements.</summary>
    /// <param name="items">The catalogue.</param>
    /// <param name="queries">[queryCount, depth].</param>
    /// <param name="queryStride">Distance of two queries.</param>
    /// <param name="queryCount">Number of queries; so many that they stay in the cache while the catalogue streams by.</param>
    /// <param name="lists">One list a query.</param>
    /// <param name="excluded">One set a query, or null.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scan(in ItemPanels items, float* queries, nint queryStride, int queryCount, TopKList* lists, IdSet* excluded)
    {
        ScoreTile memory;
        float* tile = ScoreTile.Align(&memory);
        nint panelSize = (nint)Panel<V>.Width * items.Depth;
        int panels = Panel<V>.CountFor(items.ItemCount);
        int p = 0;
        if (queryCount == 1)
        {
            for (; p < panels - 1; p += 2)
            {
                PanelProduct<V, TTerm>.OneByTwo(queries, items.Panels + (p * panelSize), items.Depth, tile, prefetch: true);
                Offer(tile, items.SelectionBias, p * Panel<V>.Width, lists, excluded);
                Offer(tile + Panel<V>.Width, items.SelectionBias, (p + 1) * Panel<V>.Width, lists, excluded);
            }
        }

        // While the tiles of a panel are computed, the next panel comes in
        nint prefetched = panelSize / ((queryCount + 3) / 4);
        for (; p < panels; p++)
        {
            float* ahead = items.Panels + ((p + 1) * panelSize);
            for (int r = 0; r < queryCount; r += 4, ahead += prefetched)
            {
                Prefetch.Range(ahead, prefetched);
                int rows = Math.Min(4, queryCount - r);
                PanelProduct<V, TTerm>.Rows(queries + (r * queryStride), queryStride, rows, items.Panels + (p * panelSize), items.Depth, tile);
                for (int i = 0; i < rows; i++)
                    Offer(tile + (i * Panel<V>.Width), items.SelectionBias, p * Panel<V>.Width, lists + r + i, excluded == null ? null : excluded + r + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Offer(float* scores, float* selectionBias, int firstId, TopKList* list, IdSet* excluded)
    {
        V threshold = V.Broadcast(list->Threshold);
        V low = V.Load(scores) + V.Load(selectionBias + firstId);
        V high = V.Load(scores + V.Width) + V.Load(selectionBias + firstId + V.Width);
        uint passes = V.MoveMask(V.GreaterThanOrEqual(low, threshold)) | (V.MoveMask(V.GreaterThanOrEqual(high, threshold)) << V.Width);
        if (passes == 0) return;
        low.Store(scores);
        high.Store(scores + V.Width);
        OfferEach(scores, passes, firstId, list, excluded);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void OfferEach(float* scores, uint passes, int firstId, TopKList* list, IdSet* excluded)
    {
        for (; passes != 0; passes &= passes - 1)
        {
            int lane = BitOperations.TrailingZeroCount(passes);
            if (excluded == null || !excluded->Contains(firstId + lane)) list->Offer(scores[lane], firstId + lane);
        }
    }
}
