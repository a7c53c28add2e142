namespace SeqInfer.Kernels.Simd;

/// <summary>The instruction sets the CPU kernels are compiled for, in ascending order of width.</summary>
public enum Isa
{
    /// <summary>Plain scalar code. Always available.</summary>
    Scalar,

    /// <summary>Four fp32 lanes: SSE on x64, AdvSimd on Arm64.</summary>
    Vector128,

    /// <summary>Eight fp32 lanes: AVX2 with FMA.</summary>
    Avx2,

    /// <summary>Sixteen fp32 lanes: AVX-512.</summary>
    Avx512,
}
