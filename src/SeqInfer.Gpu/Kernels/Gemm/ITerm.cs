namespace SeqInfer.Gpu.Kernels.Gemm;

/// <summary>What a pair of elements adds to a sum.</summary>
internal interface ITerm
{
    float Add(float sum, float x, float w);
}
