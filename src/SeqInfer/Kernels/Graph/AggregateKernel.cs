using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using SeqInfer.Kernels.Embedding;
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

    private const int LineBytes = 64;

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
        where TAggregation : struct, IAggregation => Run<V, TAggregation, F32Rows, float>(in lists, x, xStride, senders, columns, y, yStride);

    /// <inheritdoc cref="Run{V, TAggregation}"/>
    public static void Run<V, TAggregation, TFormat, TElement>(
        in NeighbourLists lists, TElement* x, nint xStride, int senders, int columns, float* y, nint yStride)
        where V : unmanaged, ISimd<V>
        where TAggregation : struct, IAggregation
        where TFormat : struct, IRowFormat<TElement>
        where TElement : unmanaged
    {
        if (Sse.IsSupported && (long)senders * columns * sizeof(TElement) >= DeepBytes)
            Run<V, TAggregation, DeepPrefetch, TFormat, TElement>(in lists, x, xStride, columns, y, yStride);
        else
            Run<V, TAggregation, NoPrefetch, TFormat, TElement>(in lists, x, xStride, columns, y, yStride);
    }

    [MethodImpl(Kernel.Compiled)]
    private static void Run<V, TAggregation, TPrefetch, TFormat, TElement>(
        in NeighbourLists lists, TElement* x, nint xStride, int columns, float* y, nint yStride)
        where V : unmanaged, ISimd<V>
        where TAggregation : struct, IAggregation
        where TPrefetch : struct, IRowPrefetch
        where TFormat : struct, IRowFormat<TElement>
        where TElement : unmanaged
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
                Vectors<V, TAggregation, TPrefetch, TFormat, TElement, Count4>(in lists, first, last, x + c, xStride, target + c);
            if (c <= columns - (2 * V.Width))
            {
                Vectors<V, TAggregation, TPrefetch, TFormat, TElement, Count2>(in lists, first, last, x + c, xStride, target + c);
                c += 2 * V.Width;
            }

            for (; c < columns; c += V.Width)
                OneVector<V, TAggregation, TPrefetch, TFormat, TElement>(in lists, first, last, x + c, xStride, Math.Min(V.Width, columns - c), target + c);
        }
    }

    // Two or four vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Vectors<V, TAggregation, TPrefetch, TFormat, TElement, TCount>(
        in NeighbourLists lists, int first, int last, TElement* x, nint xStride, float* y)
        where V : unmanaged, ISimd<V>
        where TAggregation : struct, IAggregation
        where TPrefetch : struct, IRowPrefetch
        where TFormat : struct, IRowFormat<TElement>
        where TElement : unmanaged
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
                Prefetch<TPrefetch, TElement>(columns, e, readable, x, xStride, TCount.Value * V.Width);
            TElement* row = x + (columns[e] * xStride);
            V weight = TAggregation.IsWeighted ? V.Broadcast(weights + e) : default;
            a = TAggregation.Accumulate(a, TFormat.Load<V>(row), weight);
            b = TAggregation.Accumulate(b, TFormat.Load<V>(row + V.Width), weight);
            if (TCount.Value > 2)
            {
                c = TAggregation.Accumulate(c, TFormat.Load<V>(row + (2 * V.Width)), weight);
                d = TAggregation.Accumulate(d, TFormat.Load<V>(row + (3 * V.Width)), weight);
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
    private static void OneVector<V, TAggregation, TPrefetch, TFormat, TElement>(
        in NeighbourLists lists, int first, int last, TElement* x, nint xStride, int count, float* y)
        where V : unmanaged, ISimd<V>
        where TAggregation : struct, IAggregation
        where TPrefetch : struct, IRowPrefetch
        where TFormat : struct, IRowFormat<TElement>
        where TElement : unmanaged
    {
        V a = TAggregation.Start<V>();
        for (int e = first; e < last; e++)
        {
            if (TPrefetch.Far > 0)
                Prefetch<TPrefetch, TElement>(lists.Columns, e, lists.Readable, x, xStride, V.Width);
            V weight = TAggregation.IsWeighted ? V.Broadcast(lists.Weights + e) : default;
            a = TAggregation.Accumulate(a, TFormat.LoadPartial<V>(x + (lists.Columns[e] * xStride), count), weight);
        }

        TAggregation.Finish(a, last - first).StorePartial(y, count);
    }

    // The first elements of the rows that edges to come name, up to four lines of them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch<TPrefetch, TElement>(int* columns, int edge, int readable, TElement* x, nint xStride, int count)
        where TPrefetch : struct, IRowPrefetch
        where TElement : unmanaged
    {
        if (edge + TPrefetch.Near < readable)
        {
            byte* row = (byte*)(x + (columns[edge + TPrefetch.Near] * xStride));
            Sse.Prefetch0(row);
            if (count * sizeof(TElement) > LineBytes) Sse.Prefetch0(row + LineBytes);
            if (count * sizeof(TElement) > 2 * LineBytes) Sse.Prefetch0(row + (2 * LineBytes));
            if (count * sizeof(TElement) > 3 * LineBytes) Sse.Prefetch0(row + (3 * LineBytes));
        }

        if (edge + TPrefetch.Far < readable)
        {
            byte* row = (byte*)(x + (columns[edge + TPrefetch.Far] * xStride));
            Sse.Prefetch1(row);
            if (count * sizeof(TElement) > LineBytes) Sse.Prefetch1(row + LineBytes);
            if (count * sizeof(TElement) > 2 * LineBytes) Sse.Prefetch1(row + (2 * LineBytes));
            if (count * sizeof(TElement) > 3 * LineBytes) Sse.Prefetch1(row + (3 * LineBytes));
        }
    }
}
