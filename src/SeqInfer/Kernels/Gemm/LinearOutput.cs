using System.Runtime.CompilerServices;

namespace SeqInfer.Kernels.Gemm;

/// <summary>Where a product goes and what is added to it. Strides count floats.</summary>
/// <param name="y">Element (0, 0) of the result.</param>
/// <param name="yStride">From one row of the result to the next.</param>
/// <param name="bias">One value a column, readable up to the end of the last panel; or null.</param>
/// <param name="residual">Element (0, 0) of a matrix that is added last; null, the result itself or apart from it.</param>
/// <param name="residualStride">From one row of it to the next.</param>
/// <param name="integers">What belongs to each row of x beside its integers, for storages that multiply integers; null for the others.</param>
internal readonly unsafe struct LinearOutput(
    float* y, nint yStride, float* bias = null, float* residual = null, nint residualStride = 0, IntegerRow* integers = null)
{
    public float* Y { get; } = y;

    public nint YStride { get; } = yStride;

    public float* Bias { get; } = bias;

    public float* Residual { get; } = residual;

    public nint ResidualStride { get; } = residualStride;

    public IntegerRow* Integers { get; } = integers;

    /// <summary>The result from one element on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LinearOutput At(int row, int column) => new(
        Y + (row * YStride) + column,
        YStride,
        Bias == null ? null : Bias + column,
        Residual == null ? null : Residual + (row * ResidualStride) + column,
        ResidualStride,
        Integers == null ? null : Integers + row);
}
