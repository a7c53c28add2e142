namespace SeqInfer.Gpu.Kernels.Gemm;

/// <summary>-(x - w)^2: minus the squared distance.</summary>
internal readonly struct NegSquaredDistanceTerm : ITerm
{
    public float Add(float sum, float x, float w)
    {
        float difference = x - w;
        return GpuMath.Fma(-difference, difference, sum);
    }
}
