using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Reductions;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

/// <summary>Logarithm of the softmax over rows.</summary>
internal static unsafe class LogSoftmaxKernel
{
    /// <summary>
    /// <c>y[r, c] = (x[r, c] - max) - ln sum</c>. Strides count elements; y may be x. A row of -infinity alone gives -infinity, the
    /// logarithm of what <see cref="SoftmaxKernel"/> gives; a row with NaN or +infinity gives NaN throughout.
    /// </summary>
    [MethodImpl(Kernel.Compiled)]
    public static void Rows<V>(float* x, nint xStride, float* y, nint yStride, int rows, int columns)
        where V : unmanaged, ISimd<V>
    {
        for (int r = 0; r < rows; r++) Row<V>(x + r * xStride, y + r * yStride, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<V>(float* x, float* y, int n)
        where V : unmanaged, ISimd<V>
    {
        float max = RowReduction.Of<V, Maximum>(x, n, default);
        if (max == float.NegativeInfinity && !AnyNaN.InRow<V>(x, n))
        {
            new Span<float>(y, n).Fill(float.NegativeInfinity);
            return;
        }

        V shift = V.Broadcast(max);
        V logSum = VectorMath.Log(V.Broadcast(SumOfExp(x, n, shift)));
        int i = 0;
        for (; i <= n - V.Width; i += V.Width) (V.Load(x + i) - shift - logSum).Store(y + i);
        if (i < n) (V.LoadPartial(x + i, n - i) - shift - logSum).StorePartial(y + i, n - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float SumOfExp<V>(float* x, int n, V max)
        where V : unmanaged, ISimd<V>
    {
        V sum = V.Zero;
        int i = 0;
        for (; i <= n - V.Width; i += V.Width) sum += VectorMath.ExpNonPositive(V.Load(x + i) - max);
        if (i < n) sum += VectorMath.ExpNonPositive(V.LoadPartial(x + i, n - i) - max) & V.FirstLanes(n - i);
        return V.Sum(sum);
    }
}
