using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Graph;

/// <summary>The scores of one node's edges for several heads.</summary>
/// <remarks>
/// Lanes run over heads, whose numbers lie side by side at every sender. The score is computed twice, for the maximum and for the
/// exponential: a vector that fills a part of its lanes cannot be read back soon after it was stored.
/// </remarks>
internal static unsafe class HeadScores<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>weights[e, h] = exp(score - the head's largest); shares[h] = 1 / their sum over the edges, or 0 where every score is -infinity.</summary>
    /// <param name="neighbours">One sender an edge.</param>
    /// <param name="degree">Number of edges.</param>
    /// <param name="target">The receiver's numbers, one a head.</param>
    /// <param name="source">[senders, heads].</param>
    /// <param name="sourceStride">Floats from one row to the next.</param>
    /// <param name="heads">At most a vector of them.</param>
    /// <param name="slope">Negative slope of the leaky ReLU.</param>
    /// <param name="weights">[edges, heads].</param>
    /// <param name="weightStride">Floats from one row to the next.</param>
    /// <param name="shares">One a head.</param>
    [MethodImpl(Kernel.Compiled)]
    public static void Run(
        int* neighbours, int degree, float* target, float* source, nint sourceStride, int heads, float slope, float* weights, nint weightStride, float* shares)
    {
        var leaky = new LeakyRelu(slope);
        V self = V.LoadPartial(target, heads);
        V max = V.Broadcast(float.NegativeInfinity);
        for (int e = 0; e < degree; e++)
            max = V.Max(max, leaky.Apply(self + V.LoadPartial(source + (neighbours[e] * sourceStride), heads)));

        // Subtracting 0 instead of -infinity turns masked heads into exp(-infinity) = 0
        V masked = V.Equal(max, V.Broadcast(float.NegativeInfinity));
        max = V.Select(masked, V.Zero, max);
        V sum = V.Zero;
        for (int e = 0; e < degree; e++, weights += weightStride)
        {
            V score = leaky.Apply(self + V.LoadPartial(source + (neighbours[e] * sourceStride), heads));
            V weight = VectorMath.ExpNonPositive(score - max);
            sum += weight;
            weight.StorePartial(weights, heads);
        }

        V share = V.Broadcast(1f) / V.Select(masked, V.Broadcast(1f), sum);
        share.StorePartial(shares, heads);
    }
}
