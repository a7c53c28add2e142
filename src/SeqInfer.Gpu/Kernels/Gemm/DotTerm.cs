namespace SeqInfer.Gpu.Kernels.Gemm;

/// <summary>x w: the inner product.</summary>
internal readonly struct DotTerm : ITerm
{
    public float Add(float sum, float x, float w) => GpuMath.Fma(x, w, sum);
}
