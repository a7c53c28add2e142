using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Graph;

/// <summary>Aggregates the rows of neighbours: a sparse matrix times a dense one.</summary>
/// <remarks>
/// Lanes run over columns, in panels of four vectors that stay in registers while a node's edges pass; edges are taken in the order of the
/// lists. The rows of edges to come are prefetched where they may lie anywhere.
/// </remarks>
internal static unsafe class AggregateKernel
{
    // Bytes of rows from which on too many lie outside the second-level cache
    private const long DeepBytes = 4 * 1024 * 1024;

    private const int FloatsOfALine = 16;

    /// <summary>Row i of y is made of the rows of x that node i's list names; zeros for an empty list. Strides count elements.</summary>
    /// <param name="lists">Who the neighbours are.</param>
    /// <param name="x">[senders, columns].</param>
    /// <param name="xStride">From one row of x to the next.</param>
    /// <param name="senders">Rows of x.</param>
    /// <param name="columns">Columns of x and y.</param>
    /// <param name="y">[nodes, columns].</param>
    /// <param name="yStride">From one row of y to the next.</param>
    public static void Run<V, TAggregation>(in NeighbourLists lists, float* x, nint xStride, int senders, int columns, float* y, nint yStride)
        where V : unmanaged, ISimd<V>
        where TAggregation : struct, IAggregation
    {
        if (Sse.IsSupported && (long)senders * columns * sizeof(float) >= DeepBytes)
            Run<V, TAggregation, DeepPrefetch>(in lists, x, xStride, columns, y, yStride);
        else
            Run<V, TAggregation, NoPrefetch>(in lists, x, xStride, columns, y, yStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<V, TAggregation, TPrefetch>(in NeighbourLists lists, float* x, nint xStride, int columns, float* y, nint yStride)
        where V : unmanaged, ISimd<V>
        where TAggregation : struct, IAggregation
        where TPrefetch : struct, IRowPrefetch
    {
        for (int node = 0; node < lists.Nodes; node++)
        {
            int first = lists.Offsets[node];
            int last = lists.Offsets[node + 1];
            float* target = y + (node * yStride);
            if (first == last)
            {
                new Span<float>(target, columns).Clear();
                continue;
            }

            int c = 0;
            for (; c <= columns - (4 * V.Width); c += 4 * V.Width)
                Vectors<V, TAggregation, TPrefetch, Count4>(in lists, first, last, x + c, xStride, target + c);
            if (c <= columns - (2 * V.Width))
            {
                Vectors<V, TAggregation, TPrefetch, Count2>(in lists, first, last, x + c, xStride, target + c);
                c += 2 * V.Width;
            }

            for (; c < columns; c += V.Width)
                OneVector<V, TAggregation, TPrefetch>(in lists, first, last, x + c, xStride, Math.Min(V.Width, columns - c), target + c);
        }
    }

    // Two or four vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Vectors<V, TAggregation, TPrefetch, TCount>(in NeighbourLists lists, int first, int last, float* x, nint xStride, float* y)
        where V : unmanaged, ISimd<V>
        where TAggregation : struct, IAggregation
        where TPrefetch : struct, IRowPrefetch
        where TCount : struct, ICount
    {
        int* columns = lists.Columns;
        float* weights = lists.Weights;
        int readable = lists.Readable;
        V a = TAggregation.Start<V>();
        V b = a;
        V c = a;
        V d = a;
        for (int e = first; e < last; e++)
        {
            if (TPrefetch.Far > 0)
                Prefetch<V, TPrefetch>(columns, e, readable, x, xStride, TCount.Value);
            float* row = x + (columns[e] * xStride);
            V weight = TAggregation.IsWeighted ? V.Broadcast(weights + e) : default;
            a = TAggregation.Accumulate(a, V.Load(row), weight);
            b = TAggregation.Accumulate(b, V.Load(row + V.Width), weight);
            if (TCount.Value > 2)
            {
                c = TAggregation.Accumulate(c, V.Load(row + (2 * V.Width)), weight);
                d = TAggregation.Accumulate(d, V.Load(row + (3 * V.Width)), weight);
            }
        }

        TAggregation.Finish(a, last - first).Store(y);
        TAggregation.Finish(b, last - first).Store(y + V.Width);
        if (TCount.Value > 2)
        {
            TAggregation.Finish(c, last - first).Store(y + (2 * V.Width));
            TAggregation.Finish(d, last - first).Store(y + (3 * V.Width));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneVector<V, TAggregation, TPrefetch>(
        in NeighbourLists lists, int first, int last, float* x, nint xStride, int count, float* y)
        where V : unmanaged, ISimd<V>
        where TAggregation : struct, IAggregation
        where TPrefetch : struct, IRowPrefetch
    {
        V a = TAggregation.Start<V>();
        for (int e = first; e < last; e++)
        {
            if (TPrefetch.Far > 0)
                Prefetch<V, TPrefetch>(lists.Columns, e, lists.Readable, x, xStride, 1);
            V weight = TAggregation.IsWeighted ? V.Broadcast(lists.Weights + e) : default;
            a = TAggregation.Accumulate(a, V.LoadPartial(x + (lists.Columns[e] * xStride), count), weight);
        }

        TAggregation.Finish(a, last - first).StorePartial(y, count);
    }

    // The lines of some vectors of the rows that edges to come name.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch<V, TPrefetch>(int* columns, int edge, int readable, float* x, nint xStride, int vectors)
        where V : unmanaged, ISimd<V>
        where TPrefetch : struct, IRowPrefetch
    {
        if (edge + TPrefetch.Near < readable)
        {
            float* row = x + (columns[edge + TPrefetch.Near] * xStride);
            Sse.Prefetch0(row);
            if (vectors * V.Width > FloatsOfALine) Sse.Prefetch0(row + FloatsOfALine);
            if (vectors * V.Width > 2 * FloatsOfALine) Sse.Prefetch0(row + (2 * FloatsOfALine));
            if (vectors * V.Width > 3 * FloatsOfALine) Sse.Prefetch0(row + (3 * FloatsOfALine));
        }

        if (edge + TPrefetch.Far < readable)
        {
            float* row = x + (columns[edge + TPrefetch.Far] * xStride);
            Sse.Prefetch1(row);
            if (vectors * V.Width > FloatsOfALine) Sse.Prefetch1(row + FloatsOfALine);
            if (vectors * V.Width > 2 * FloatsOfALine) Sse.Prefetch1(row + (2 * FloatsOfALine));
            if (vectors * V.Width > 3 * FloatsOfALine) Sse.Prefetch1(row + (3 * FloatsOfALine));
        }
    }
}
