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
    public float* Gamma { get; } = gamma;

    public float* Beta { get; } = beta;

    /// <summary>The factor for (x - mean), given the sum of squared deviations of n values.</summary>
    public float InverseScale(float sumOfSquares, int n) => unbiasedStd
        ? 1f / (MathF.Sqrt(sumOfSquares / (n - 1)) + epsilon)
        : 1f / MathF.Sqrt(sumOfSquares / n + epsilon);
}
