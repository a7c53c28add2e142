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
    /// <summary>Offers the items of some panels to the lists of all queries. Strides count elements.</summary>
    /// <param name="items">The catalogue.</param>
    /// <param name="queries">What is asked, and where the answers go.</param>
    /// <param name="firstPanel">The first panel.</param>
    /// <param name="endPanel">The panel behind the last one.</param>
    /// <param name="scratch">That of <see cref="ItemVectors"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scan(in ItemVectors items, in TopKQueries queries, int firstPanel, int endPanel, float* scratch)
    {
        ScoreTile memory;
        float* tile = ScoreTile.Align(&memory);
        int p = firstPanel;
        if (queries.Count == 1 && items.Panels != null)
        {
            // One stream is what the hardware reads fastest; narrow vectors need two panels to keep up with it
            if (V.Width == 16)
            {
                for (; p < endPanel; p++)
                {
                    PanelProduct<V, TTerm>.One(queries.Rows, items.OnePanel<V>(p, scratch), items.Depth, tile);
                    Offer(tile, items.SelectionBias, p * Panel<V>.Width, queries, 0);
                }
            }

            for (; p < endPanel - 1; p += 2)
            {
                PanelProduct<V, TTerm>.OneByTwo(queries.Rows, items.OnePanel<V>(p, scratch), items.Depth, tile, prefetch: true);
                Offer(tile, items.SelectionBias, p * Panel<V>.Width, queries, 0);
                Offer(tile + Panel<V>.Width, items.SelectionBias, (p + 1) * Panel<V>.Width, queries, 0);
            }
        }

        // While the tiles of a panel are computed, the next panel comes in, or the rows that it will be made of
        nint panelSize = (nint)Panel<V>.Width * items.Depth;
        float* vectors = items.Panels != null ? items.Panels : items.Rows;
        int step = Panel<V>.Width / Tiling.CountOf(queries.Count, PanelTile<V, TTerm>.MaxRows);
        for (; p < endPanel; p++)
        {
            float* panel = items.OnePanel<V>(p, scratch);
            float* ahead = vectors + ((p + 1) * panelSize);
            for (int r = 0, rows; r < queries.Count; r += rows, ahead += step * (nint)items.Depth)
            {
                rows = Tiling.NextOf(queries.Count - r, PanelTile<V, TTerm>.MaxRows);
                PanelTile<V, TTerm>.Run(rows, queries.Rows + (r * queries.Stride), queries.Stride, panel, items.Depth, ahead, step, tile);
                for (int i = 0; i < rows; i++)
                    Offer(tile + (i * Panel<V>.Width), items.SelectionBias, p * Panel<V>.Width, queries, r + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Offer(float* scores, float* selectionBias, int firstId, in TopKQueries queries, int query)
    {
        V threshold = V.Broadcast(queries.Lists[query].Threshold);
        V low = V.Load(scores) + V.Load(selectionBias + firstId);
        V high = V.Load(scores + V.Width) + V.Load(selectionBias + firstId + V.Width);

        // One comparison for both: bits from vectors are dear. Of a NaN and a number Max gives the second
        V larger = V.Max(low, V.Max(high, V.Broadcast(float.NegativeInfinity)));
        if (V.GreaterThanOrEqualBits(larger, threshold) == 0) return;
        uint passes = V.GreaterThanOrEqualBits(low, threshold) | (V.GreaterThanOrEqualBits(high, threshold) << V.Width);
        low.Store(scores);
        high.Store(scores + V.Width);
        OfferEach(scores, passes, firstId, queries.Lists + query, queries.ExclusionsOf(query));
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
