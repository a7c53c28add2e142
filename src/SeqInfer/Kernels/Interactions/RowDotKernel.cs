using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Interactions;

/// <summary>Inner products of the rows of two matrices.</summary>
/// <remarks>
/// Lanes run over columns. Vector i goes to accumulator i mod 2; then the accumulators are added, then their lanes: the order depends on
/// the number of columns alone.
/// </remarks>
internal static unsafe class RowDotKernel
{
    /// <summary><c>y[r] = sum over c of a[r, c] b[r, c]</c>. Strides count elements.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void Rows<V>(float* a, nint aStride, float* b, nint bStride, float* y, nint yStride, int rows, int columns)
        where V : unmanaged, ISimd<V>
    {
        for (int r = 0; r < rows; r++, a += aStride, b += bStride, y += yStride)
        {
            V even = V.Zero;
            V odd = V.Zero;
            int c = 0;
            for (; c <= columns - (2 * V.Width); c += 2 * V.Width)
            {
                even = V.Fma(V.Load(a + c), V.Load(b + c), even);
                odd = V.Fma(V.Load(a + c + V.Width), V.Load(b + c + V.Width), odd);
            }

            for (; c < columns; c += V.Width)
            {
                int left = Math.Min(V.Width, columns - c);
                even = V.Fma(V.LoadPartial(a + c, left), V.LoadPartial(b + c, left), even);
            }

            *y = V.Sum(even + odd);
        }
    }
}
