using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

/// <summary>What a layer norm computes, apart from its rows.</summary>
/// <param name="gamma">One scale a column, or null for ones.</param>
/// <param name="beta">One shift a column, or null for zeros.</param>
/// <param name="epsilon">Keeps the divisor from 0.</param>
/// <param name="unbiasedStd">
/// False: <c>(x - mean) / sqrt(var + epsilon)</c> with the variance over n, as PyTorch's LayerNorm. True:
/// <c>(x - mean) / (std + epsilon)</c> with the standard deviation over n - 1, as the original BERT4Rec code; it is NaN for n = 1.
/// </param>
internal readonly unsafe struct LayerNormParameters(float* gamma, float* beta, float epsilon, bool unbiasedStd)
{
    private readonly float _epsilon = epsilon;
    private readonly bool _unbiasedStd = unbiasedStd;

    public float* Gamma { get; } = gamma;

    public float* Beta { get; } = beta;

    /// <summary>The factors for (x - mean) of a row a lane, given the sums of squared deviations of n values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V InverseScale<V>(V sumOfSquares, int n)
        where V : unmanaged, ISimd<V>
    {
        V one = V.Broadcast(1f);
        V epsilon = V.Broadcast(_epsilon);
        return _unbiasedStd
            ? one / (V.Sqrt(sumOfSquares / V.Broadcast((float)(n - 1))) + epsilon)
            : one / V.Sqrt((sumOfSquares / V.Broadcast((float)n)) + epsilon);
    }
}
