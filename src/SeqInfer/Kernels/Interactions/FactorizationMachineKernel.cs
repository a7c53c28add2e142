using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Interactions;

/// <summary>Second-order interactions of field vectors in linear time: half of (sum v)^2 - sum v^2, summed over the vector's elements.</summary>
/// <remarks>Lanes run over the elements of a vector; fields are taken in ascending order, then the lanes are added.</remarks>
internal static unsafe class FactorizationMachineKernel
{
    /// <summary>One value a row; a row holds <paramref name="fields"/> vectors of <paramref name="size"/> elements. Strides count elements.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void Rows<V>(float* x, nint xStride, float* y, nint yStride, int rows, int fields, int size)
        where V : unmanaged, ISimd<V>
    {
        for (int r = 0; r < rows; r++, x += xStride, y += yStride)
        {
            V total = V.Zero;
            for (int k = 0; k < size; k += V.Width)
            {
                int left = Math.Min(V.Width, size - k);
                V sum = V.Zero;
                V squares = V.Zero;
                float* v = x + k;
                for (int field = 0; field < fields; field++, v += size)
                {
                    V element = V.LoadPartial(v, left);
                    sum += element;
                    squares = V.Fma(element, element, squares);
                }

                total += V.Fma(sum, sum, -squares);
            }

            *y = 0.5f * V.Sum(total);
        }
    }
}
