using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Graph;

/// <summary>Attention over a node's neighbours: scores of its edges, their softmax, and the weighted sum of the neighbours' rows.</summary>
/// <remarks>
/// One head: lanes of the softmax run over edges. Several: over heads, see <see cref="HeadScores{V}"/>. In the sum lanes run over columns,
/// edges are taken in the order of the lists.
/// </remarks>
internal static unsafe class GraphAttentionKernel
{
    /// <summary>Floats of scratch: a score for each edge of the longest list and head, and a number a head.</summary>
    public static long ScratchFloats(int longestList, int heads) => ((long)longestList + 1) * heads;

    /// <summary>Row i of y, head by head. Strides count elements.</summary>
    /// <param name="lists">Who the neighbours are.</param>
    /// <param name="x">[senders, heads * size].</param>
    /// <param name="xStride">Floats from one row to the next.</param>
    /// <param name="senders">Rows of <paramref name="x"/>.</param>
    /// <param name="target">[receivers, heads].</param>
    /// <param name="targetStride">Floats from one row to the next.</param>
    /// <param name="source">[senders, heads].</param>
    /// <param name="sourceStride">Floats from one row to the next.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="size">Columns of a head.</param>
    /// <param name="slope">Negative slope of the leaky ReLU.</param>
    /// <param name="scratch">As many floats as <see cref="ScratchFloats"/> says.</param>
    /// <param name="y">[receivers, heads * size].</param>
    /// <param name="yStride">Floats from one row to the next.</param>
    [MethodImpl(Kernel.Compiled)]
    public static void Run<V>(
        in NeighbourLists lists,
        float* x,
        nint xStride,
        int senders,
        float* target,
        nint targetStride,
        float* source,
        nint sourceStride,
        int heads,
        int size,
        float slope,
        float* scratch,
        float* y,
        nint yStride)
        where V : unmanaged, ISimd<V>
    {
        int* range = stackalloc int[2];
        range[0] = 0;
        for (int node = 0; node < lists.Nodes; node++, target += targetStride, y += yStride)
        {
            int first = lists.Offsets[node];
            int degree = lists.Offsets[node + 1] - first;
            int* neighbours = lists.Columns + first;
            if (heads == 1)
            {
                for (int e = 0; e < degree; e++) scratch[e] = *target + source[neighbours[e] * sourceStride];
                Elementwise.Apply<V, LeakyRelu>(scratch, scratch, degree, new LeakyRelu(slope));
                SoftmaxKernel.Rows<V>(scratch, 0, scratch, 0, 1, degree);
                range[1] = degree;
                NeighbourLists own = new(range, neighbours, scratch, 1, lists.Readable - first);
                AggregateKernel.Run<V, WeightedSumAggregation>(in own, x, xStride, senders, size, y, yStride);
                continue;
            }

            float* weights = scratch + heads;
            for (int head = 0; head < heads; head += V.Width)
            {
                HeadScores<V>.Run(
                    neighbours, degree, target + head, source + head, sourceStride, Math.Min(V.Width, heads - head), slope, weights + head, heads, scratch + head);
            }

            HeadSums<V>.Run(neighbours, degree, lists.Readable - first, weights, scratch, heads, size, x, xStride, y);
        }
    }
}
