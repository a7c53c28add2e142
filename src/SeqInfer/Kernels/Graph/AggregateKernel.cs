using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Graph;

/// <summary>Aggregates the rows of neighbours: a sparse matrix times a dense one.</summary>
/// <remarks>
/// Lanes run over columns, in panels of four vectors that stay in registers while a node's edges pass; edges are taken in the order of the
/// lists. The rows of edges to come are prefetched, because they lie anywhere.
/// </remarks>
internal static unsafe class AggregateKernel
{
    // Edges between a prefetch and its use: some 90 ns at four vectors an edge
    private const int Ahead = 8;

    /// <summary>Row i of y is made of the rows of x that node i's list names; zeros for an empty list. Strides count elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<V, TAggregation>(in NeighbourLists lists, float* x, nint xStride, int columns, float* y, nint yStride)
        where V : unmanaged, ISimd<V>
        where TAggregation : struct, IAggregation
    {
        int edges = lists.Offsets[lists.Nodes];
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
                FourVectors<V, TAggregation>(in lists, first, last, edges, x + c, xStride, target + c);
            for (; c < columns; c += V.Width)
                OneVector<V, TAggregation>(in lists, first, last, x + c, xStride, Math.Min(V.Width, columns - c), target + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourVectors<V, TAggregation>(in NeighbourLists lists, int first, int last, int edges, float* x, nint xStride, float* y)
        where V : unmanaged, ISimd<V>
        where TAggregation : struct, IAggregation
    {
        V a = TAggregation.Start<V>();
        V b = a;
        V c = a;
        V d = a;
        for (int e = first; e < last; e++)
        {
            if (Sse.IsSupported && e + Ahead < edges)
            {
                float* next = x + (lists.Columns[e + Ahead] * xStride);
                for (int line = 0; line < 4 * V.Width; line += 16) Sse.Prefetch0(next + line);
            }

            float* row = x + (lists.Columns[e] * xStride);
            V weight = TAggregation.IsWeighted ? V.Broadcast(lists.Weights + e) : default;
            a = TAggregation.Accumulate(a, V.Load(row), weight);
            b = TAggregation.Accumulate(b, V.Load(row + V.Width), weight);
            c = TAggregation.Accumulate(c, V.Load(row + (2 * V.Width)), weight);
            d = TAggregation.Accumulate(d, V.Load(row + (3 * V.Width)), weight);
        }

        TAggregation.Finish(a, last - first).Store(y);
        TAggregation.Finish(b, last - first).Store(y + V.Width);
        TAggregation.Finish(c, last - first).Store(y + (2 * V.Width));
        TAggregation.Finish(d, last - first).Store(y + (3 * V.Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneVector<V, TAggregation>(in NeighbourLists lists, int first, int last, float* x, nint xStride, int count, float* y)
        where V : unmanaged, ISimd<V>
        where TAggregation : struct, IAggregation
    {
        V a = TAggregation.Start<V>();
        for (int e = first; e < last; e++)
        {
            V weight = TAggregation.IsWeighted ? V.Broadcast(lists.Weights + e) : default;
            a = TAggregation.Accumulate(a, V.LoadPartial(x + (lists.Columns[e] * xStride), count), weight);
        }

        TAggregation.Finish(a, last - first).StorePartial(y, count);
    }
}
