using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ranking.Codes;

/// <summary>
/// Top-K of a coded catalogue: a full pass over the first items, which fills the lists, then the first pass over codes. Where the codes
/// leave too many items, because scores lie too close to each other for them, a stretch goes through the full pass, each time a longer one.
/// </summary>
internal static unsafe class TwoPassTopK<V, TStorage>
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    private const int ShortestStretch = 256;
    private const int LongestStretch = 1 << 17;

    /// <summary>Floats of scratch, 64-byte aligned.</summary>
    public static long ScratchFor(int queries, int depth) =>
        PendingFloats(queries) + CodedQueries<V>.MemoryFor(queries, depth)
        + Math.Max(CodeScan<V, TStorage>.ScratchFor(depth), ItemVectors.ScratchFor<V>(depth));

    /// <summary>Offers the items of some panels to the lists of all queries.</summary>
    /// <param name="items">The catalogue.</param>
    /// <param name="codes">Its codes.</param>
    /// <param name="queries">What is asked, and where the answers go.</param>
    /// <param name="k">The length of the lists.</param>
    /// <param name="isDistance">Whether scores are minus squared distances.</param>
    /// <param name="firstPanel">The first panel.</param>
    /// <param name="endPanel">The panel behind the last one.</param>
    /// <param name="scratch">Room for <see cref="ScratchFor"/> floats.</param>
    public static void Scan(
        in ItemVectors items, in CodePanels codes, in TopKQueries queries, int k, bool isDistance, int firstPanel, int endPanel, float* scratch)
    {
        float* memory = scratch + PendingFloats(queries.Count);
        float* vectors = memory + CodedQueries<V>.MemoryFor(queries.Count, items.Depth);
        PendingItems* pending = (PendingItems*)scratch;
        new Span<PendingItems>(pending, queries.Count).Clear();

        // With the k best of n random items known, k / n of the next ones are among them, and the codes leave up to twice as many
        long first = Math.Max(ShortestStretch, 2L * k * CodeScan<V, TStorage>.CostOfAnItem(queries.Count));
        int shortest = (int)Math.Min(endPanel - firstPanel, (first + Panel<V>.Width - 1) / Panel<V>.Width);
        int stretch = shortest;
        CodedQueries<V> coded = default;
        for (int panel = firstPanel; panel < endPanel;)
        {
            int end = (int)Math.Min(endPanel, (long)panel + stretch);
            TopKKernel<V, TStorage>.Scan(items, queries, panel, end, vectors);
            if (end == endPanel) return;
            if (panel == firstPanel) coded = new CodedQueries<V>(queries, items.Depth, isDistance, memory);
            panel = CodeScan<V, TStorage>.Run(items, codes, queries, coded, pending, end, endPanel, vectors);
            stretch = panel - end > stretch ? shortest : (int)Math.Min(2L * stretch, Math.Max(shortest, LongestStretch / Panel<V>.Width));
        }
    }

    private static long PendingFloats(int queries) => (((long)queries * sizeof(PendingItems) / sizeof(float)) + 15) / 16 * 16;
}
