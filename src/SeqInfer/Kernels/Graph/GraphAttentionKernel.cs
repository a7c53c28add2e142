using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Graph;

/// <summary>Attention over a node's neighbours: scores of its edges, their softmax, and the weighted sum of the neighbours' rows.</summary>
/// <remarks>Scores: lanes run over edges. Sum: lanes run over columns, edges in the order of the lists.</remarks>
internal static unsafe class GraphAttentionKernel
{
    /// <summary>Row i of y, head by head. Strides count elements.</summary>
    /// <param name="lists">Who the neighbours are.</param>
    /// <param name="x">[senders, heads * size].</param>
    /// <param name="xStride">Floats from one row to the next.</param>
    /// <param name="target">[receivers, heads].</param>
    /// <param name="targetStride">Floats from one row to the next.</param>
    /// <param name="source">[senders, heads].</param>
    /// <param name="sourceStride">Floats from one row to the next.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="size">Columns of a head.</param>
    /// <param name="slope">Negative slope of the leaky ReLU.</param>
    /// <param name="scores">Scratch of as many floats as the longest list has edges.</param>
    /// <param name="y">[receivers, heads * size].</param>
    /// <param name="yStride">Floats from one row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<V>(
        in NeighbourLists lists,
        float* x,
        nint xStride,
        float* target,
        nint targetStride,
        float* source,
        nint sourceStride,
        int heads,
        int size,
        float slope,
        float* scores,
        float* y,
        nint yStride)
        where V : unmanaged, ISimd<V>
    {
        int* range = stackalloc int[2];
        for (int node = 0; node < lists.Nodes; node++)
        {
            int first = lists.Offsets[node];
            int degree = lists.Offsets[node + 1] - first;
            int* neighbours = lists.Columns + first;
            range[0] = 0;
            range[1] = degree;
            NeighbourLists own = new(range, neighbours, scores, 1);
            for (int head = 0; head < heads; head++)
            {
                float self = target[(node * targetStride) + head];
                for (int e = 0; e < degree; e++) scores[e] = self + source[(neighbours[e] * sourceStride) + head];
                Elementwise.Apply<V, LeakyRelu>(scores, scores, degree, new LeakyRelu(slope));
                SoftmaxKernel.Rows<V>(scores, 0, scores, 0, 1, degree);
                AggregateKernel.Run<V, WeightedSumAggregation>(in own, x + (head * size), xStride, size, y + (node * yStride) + (head * size), yStride);
            }
        }
    }
}
