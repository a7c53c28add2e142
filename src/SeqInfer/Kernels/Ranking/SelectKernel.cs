using System.Numerics;
using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ranking;

/// <summary>Selection from scores that lie in memory: vectors are compared with the list's threshold, and only what passes is looked at.</summary>
internal static unsafe class SelectKernel<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>Offers the scores of one row; their ids are 0, 1, .. NaN is no score.</summary>
    /// <param name="scores">The row.</param>
    /// <param name="count">Its length.</param>
    /// <param name="never">Ids that are left out.</param>
    /// <param name="excluded">More of them, or null.</param>
    /// <param name="list">Receives the best.</param>
    [MethodImpl(Kernel.Compiled)]
    public static void Scan(float* scores, int count, ReadOnlySpan<int> never, IdSet* excluded, TopKList* list)
    {
        int i = 0;
        for (; i <= count - V.Width; i += V.Width)
            Offer(V.Load(scores + i), uint.MaxValue, scores, i, never, excluded, list);
        if (i < count)
            Offer(V.LoadPartial(scores + i, count - i), (1u << (count - i)) - 1, scores, i, never, excluded, list);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Offer(V x, uint lanes, float* scores, int first, ReadOnlySpan<int> never, IdSet* excluded, TopKList* list)
    {
        uint passes = V.GreaterThanOrEqualBits(x, V.Broadcast(list->Threshold)) & lanes;
        for (; passes != 0; passes &= passes - 1)
        {
            int id = first + BitOperations.TrailingZeroCount(passes);
            if (!never.Contains(id) && (excluded == null || !excluded->Contains(id))) list->Offer(scores[id], id);
        }
    }
}
