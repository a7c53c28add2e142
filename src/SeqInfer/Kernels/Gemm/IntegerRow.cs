using System.Runtime.InteropServices;

namespace SeqInfer.Kernels.Gemm;

/// <summary>What belongs to a row of integers beside them. As large as two floats.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct IntegerRow(float factor, int sum)
{
    /// <summary>What the integers are to be multiplied with: a power of two, or NaN where a value was not finite.</summary>
    public readonly float Factor = factor;

    /// <summary>The sum of the integers, wrapping.</summary>
    public readonly int Sum = sum;
}
