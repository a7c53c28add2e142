using System.Numerics;
using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Ranking;

/// <summary>
/// The end of tiles of queries x a panel of items: scores are compared with each query's threshold as vectors, and only what passes is looked at
/// one by one. While the tiles of a panel are computed, the next panel comes in, or the rows that it will be made of.
/// </summary>
internal readonly unsafe struct TopKEnd<V, TReadsAhead> : ITileEnd<V>
    where V : unmanaged, ISimd<V>
    where TReadsAhead : struct, ICount
{
    private readonly float* _tile;
    private readonly float* _bias;
    private readonly float* _ahead;
    private readonly nint _aheadOfRow;
    private readonly int _aheadStep;
    private readonly int _firstId;
    private readonly TopKQueries _queries;

    /// <summary>The end of all tiles of a panel.</summary>
    /// <param name="items">The catalogue.</param>
    /// <param name="queries">What is asked, and where the answers go.</param>
    /// <param name="panel">Which panel.</param>
    /// <param name="aheadStep">The next panel's floats over the number of tiles.</param>
    /// <param name="tile">Room for a tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TopKEnd(in ItemVectors items, in TopKQueries queries, int panel, int aheadStep, float* tile)
    {
        _tile = tile;
        _firstId = panel * Panel<V>.Width;
        _bias = items.SelectionBias + _firstId;
        _queries = queries;
        if (TReadsAhead.Value == 0) return;
        nint size = (nint)Panel<V>.Width * items.Depth;
        _ahead = (items.Panels != null ? items.Panels : items.Rows) + ((panel + 1) * size);
        _aheadOfRow = size / queries.Count;
        _aheadStep = aheadStep;
    }

    public static bool ReadsAhead => TReadsAhead.Value == 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadAhead Ahead(int first) => new(_ahead + (first * _aheadOfRow), _aheadStep);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Bias(int vector) => V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(int first, int row, V sum) => (sum + V.Load(_bias)).Store(_tile + (row * Panel<V>.Width));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(int first, int row, V sum0, V sum1)
    {
        float* p = _tile + (row * Panel<V>.Width);
        (sum0 + V.Load(_bias)).Store(p);
        (sum1 + V.Load(_bias + V.Width)).Store(p + V.Width);
    }

    [MethodImpl(Kernel.Compiled)]
    public void Complete(int first, int rows)
    {
        float* scores = _tile;
        for (int query = first; query < first + rows; query++, scores += Panel<V>.Width)
        {
            V threshold = V.Broadcast(_queries.Lists[query].Threshold);
            V low = V.Load(scores);
            V high = V.Load(scores + V.Width);

            // One comparison for both: bits from vectors are dear. Of a NaN and a number Max gives the second
            V larger = V.Max(low, V.Max(high, V.Broadcast(float.NegativeInfinity)));
            if (V.GreaterThanOrEqualBits(larger, threshold) == 0) continue;
            uint passes = V.GreaterThanOrEqualBits(low, threshold) | (V.GreaterThanOrEqualBits(high, threshold) << V.Width);
            Offer(scores, passes, query);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Offer(float* scores, uint passes, int query)
    {
        TopKList* list = _queries.Lists + query;
        IdSet* excluded = _queries.ExclusionsOf(query);
        for (; passes != 0; passes &= passes - 1)
        {
            int lane = BitOperations.TrailingZeroCount(passes);
            if (excluded == null || !excluded->Contains(_firstId + lane)) list->Offer(scores[lane], _firstId + lane);
        }
    }
}
