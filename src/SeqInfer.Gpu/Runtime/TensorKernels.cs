using SeqInfer.Gpu.Kernels.TensorCores;

namespace SeqInfer.Gpu.Runtime;

/// <summary>The kernels for tensor cores, by precision.</summary>
internal static class TensorKernels
{
    /// <summary>Compiles the linear layer.</summary>
    public static Kernel<TensorLinearArgs> Load(IKernelLoader loader, MatrixPrecision precision) => precision switch
    {
        MatrixPrecision.Tf32 => loader.Load<TensorLinearArgs>("TensorLinear Tf32", TensorLinearKernel<Tf32Format>.Run),
        MatrixPrecision.Bf16 => loader.Load<TensorLinearArgs>("TensorLinear Bf16", TensorLinearKernel<Bf16Format>.Run),
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, null),
    };
}
