using System.Numerics;
using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ranking.Codes;

/// <summary>
/// The first pass: the codes say which items can still enter a query's list, and only those are scored, 16 at a time. The list's threshold
/// is that of scores in single precision, so that it is as high as in a full pass.
/// </summary>
internal static unsafe class CodeScan<V, TStorage>
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    // How many items a query may score ahead of the rate at which that pays
    private const int Advance = 64;

    /// <summary>Floats of scratch for vectors of <paramref name="depth"/> elements.</summary>
    public static long ScratchFor(int depth) => CandidateKernel<V, TStorage>.ScratchFor(depth);

    /// <summary>Offers the items from a panel on, until the last panel or until so many items have to be scored that a full pass is faster.</summary>
    /// <param name="items">The catalogue.</param>
    /// <param name="codes">Its codes.</param>
    /// <param name="queries">What is asked, and where the answers go.</param>
    /// <param name="coded">The queries' codes.</param>
    /// <param name="pending">One a query, empty.</param>
    /// <param name="firstPanel">The first panel.</param>
    /// <param name="endPanel">The panel behind the last one.</param>
    /// <param name="scratch">Room for <see cref="ScratchFor"/> floats.</param>
    /// <returns>The panel behind the last one that was offered.</returns>
    [MethodImpl(Kernel.Compiled)]
    public static int Run(
        in ItemVectors items,
        in CodePanels codes,
        in TopKQueries queries,
        in CodedQueries<V> coded,
        PendingItems* pending,
        int firstPanel,
        int endPanel,
        float* scratch)
    {
        for (int query = 0; query < queries.Count; query++)
            coded.Need(query, queries.Lists[query].Threshold);

        ScoreTile memory;
        float* tile = ScoreTile.Align(&memory);
        nint panelFloats = (nint)codes.GroupCount * Panel<V>.Width;
        long income = (long)queries.Count * Panel<V>.Width;
        int cost = CostOfAnItem(queries.Count);
        long most = (long)queries.Count * Advance * cost;
        long credit = most;
        int p = firstPanel;
        for (; p < endPanel && credit >= 0; p++)
        {
            coded.SetLimits(codes.Bounds[p]);
            float* panel = codes.Codes + (p * panelFloats);
            float* bias = codes.Bias + ((nint)p * Panel<V>.Width);
            credit = Math.Min(most, credit + income);
            for (int query = 0, rows; query < queries.Count; query += rows)
            {
                rows = Tiling.NextOf(queries.Count - query, CodeTile<V>.MaxRows);
                CodeTile<V>.Run(rows, coded.Codes + (query * (nint)coded.GroupCount), coded.Starts + query, panel, coded.GroupCount, tile);
                for (int i = 0; i < rows; i++)
                {
                    uint passes = Compare(tile + (i * Panel<V>.Width), bias, coded.Scales + query + i, coded.Limits + query + i);
                    if (passes != 0) credit -= cost * Collect(items, queries, coded, query + i, passes, p * Panel<V>.Width, pending, scratch);
                }
            }
        }

        for (int query = 0; query < queries.Count; query++)
            Score(items, queries, coded, query, pending, scratch);
        return p;
    }

    /// <summary>
    /// How many items the codes have to rule out for each that is scored alone, so that they save time. The more queries share what a full
    /// pass reads, the less there is to save.
    /// </summary>
    public static int CostOfAnItem(int queries) => Math.Min((2 * queries) + 1, 64);

    /// <summary>One bit an item: whether its scaled sum of products leaves it a place in the list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Compare(float* sums, float* bias, float* scale, float* limit)
    {
        V factor = V.Broadcast(scale);
        V least = V.Broadcast(limit);
        V low = V.Fma(V.ConvertInt32ToSingle(V.Load(sums)), factor, V.Load(bias));
        V high = V.Fma(V.ConvertInt32ToSingle(V.Load(sums + V.Width)), factor, V.Load(bias + V.Width));

        // One comparison for both: bits from vectors are dear. Of a NaN and a number Max gives the second
        V larger = V.Max(low, V.Max(high, V.Broadcast(float.NegativeInfinity)));
        if (V.GreaterThanOrEqualBits(larger, least) == 0) return 0;
        return V.GreaterThanOrEqualBits(low, least) | (V.GreaterThanOrEqualBits(high, least) << V.Width);
    }

    /// <summary>Makes the items that passed wait, and gives their number.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Collect(
        in ItemVectors items,
        in TopKQueries queries,
        in CodedQueries<V> coded,
        int query,
        uint passes,
        int firstId,
        PendingItems* pending,
        float* scratch)
    {
        PendingItems* waiting = pending + query;
        IdSet* excluded = queries.ExclusionsOf(query);
        int count = 0;
        for (; passes != 0; passes &= passes - 1)
        {
            int id = firstId + BitOperations.TrailingZeroCount(passes);
            if (excluded != null && excluded->Contains(id)) continue;
            count++;
            waiting->Ids[waiting->Count++] = id;
            if (waiting->Count == PendingItems.Capacity) Score(items, queries, coded, query, pending, scratch);
        }

        return count;
    }

    /// <summary>Scores the items that wait, and offers them.</summary>
    private static void Score(
        in ItemVectors items, in TopKQueries queries, in CodedQueries<V> coded, int query, PendingItems* pending, float* scratch)
    {
        PendingItems* waiting = pending + query;
        TopKList* list = queries.Lists + query;
        float* scores = stackalloc float[PendingItems.Capacity];
        for (int i = 0; i < waiting->Count; i++)
            Prefetch.Range(items.Rows + ((nint)waiting->Ids[i] * items.Depth), items.Depth);
        CandidateKernel<V, TStorage>.Run(items, queries.Rows + (query * queries.Stride), waiting->Ids, waiting->Count, scratch, scores, 1);
        for (int i = 0; i < waiting->Count; i++)
        {
            if (scores[i] >= list->Threshold) list->Offer(scores[i], waiting->Ids[i]);
        }

        waiting->Count = 0;
        coded.Need(query, list->Threshold);
    }
}
