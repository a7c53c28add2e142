namespace SeqInfer.Kernels.Ranking.Codes;

/// <summary>Whole numbers for the elements of a vector, and what they miss.</summary>
internal static unsafe class VectorCode
{
    // Below it a scale has no full precision; everything is residual then
    private const float SmallestScale = 1e-30f;

    /// <summary>The largest magnitude and the Euclidean norm; both NaN or infinite where the vector is not finite.</summary>
    public static (float Largest, double Norm) Measure(float* x, int depth)
    {
        float largest = 0;
        double squares = 0;
        for (int k = 0; k < depth; k++)
        {
            largest = Math.Max(largest, Math.Abs(x[k]));
            squares += (double)x[k] * x[k];
        }

        return (largest, Math.Sqrt(squares));
    }

    /// <summary>The step between two codes: the largest element gets the largest code. 0 where the vector is too small for any.</summary>
    public static float ScaleOf(float largest, int largestCode)
    {
        float scale = largest / largestCode;
        return scale >= SmallestScale ? scale : 0;
    }

    /// <summary>The code of an element, its magnitude at most <paramref name="largestCode"/>.</summary>
    public static int Of(float x, float scale, int largestCode) =>
        scale == 0 ? 0 : (int)Math.Clamp(MathF.Round(x / scale), -largestCode, largestCode);
}
