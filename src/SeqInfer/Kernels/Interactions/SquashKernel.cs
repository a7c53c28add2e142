using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Reductions;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Interactions;

/// <summary>Shrinks rows to a length below 1, keeping their direction.</summary>
internal static unsafe class SquashKernel
{
    /// <summary><c>y = x n / (1 + n) / sqrt(n + epsilon)</c> with n = |x|^2, row by row. Strides count elements; y may be x.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void Rows<V>(float* x, nint xStride, float* y, nint yStride, int rows, int columns, float epsilon)
        where V : unmanaged, ISimd<V>
    {
        for (int r = 0; r < rows; r++, x += xStride, y += yStride)
        {
            float squared = RowReduction.Of<V, SumOfSquares>(x, columns, default);
            Elementwise.Apply<V, Scale>(x, y, columns, new Scale(squared / (1 + squared) / MathF.Sqrt(squared + epsilon)));
        }
    }
}
