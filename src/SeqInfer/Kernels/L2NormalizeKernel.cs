using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Reductions;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

/// <summary>Scales rows to unit Euclidean length.</summary>
internal static unsafe class L2NormalizeKernel
{
    /// <summary><c>y[r] = x[r] / max(|x[r]|, epsilon)</c>, as PyTorch's functional.normalize. Strides count elements; y may be x.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void Rows<V>(float* x, nint xStride, float* y, nint yStride, int rows, int columns, float epsilon)
        where V : unmanaged, ISimd<V>
    {
        for (int r = 0; r < rows; r++)
        {
            float* from = x + r * xStride;
            float* to = y + r * yStride;
            float norm = MathF.Sqrt(RowReduction.Of<V, SumOfSquares>(from, columns, default));
            V scale = V.Broadcast(1f / (norm < epsilon ? epsilon : norm));
            int c = 0;
            for (; c <= columns - V.Width; c += V.Width) (V.Load(from + c) * scale).Store(to + c);
            if (c < columns) (V.LoadPartial(from + c, columns - c) * scale).StorePartial(to + c, columns - c);
        }
    }
}
