using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Reductions;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

/// <summary>Softmax over rows, with the row's maximum subtracted first.</summary>
internal static unsafe class SoftmaxKernel
{
    /// <summary>
    /// <c>y[r, c] = e^(x[r, c] - max) / sum</c>. Strides count elements; y may be x. A row of -infinity alone gives zeros, as if
    /// everything were masked; a row with NaN or +infinity gives NaN throughout.
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
            new Span<float>(y, n).Clear();
            return;
        }

        V sum = ExpAndSum(x, y, n, V.Broadcast(max), out V tail);
        V scale = V.Broadcast(1f / V.Sum(sum));
        int i = 0;
        for (; i <= n - V.Width; i += V.Width) (V.Load(y + i) * scale).Store(y + i);
        if (i < n) (tail * scale).StorePartial(y + i, n - i);
    }

    // The tail stays in a register: loading back what a masked store has just written stalls
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpAndSum<V>(float* x, float* y, int n, V max, out V tail)
        where V : unmanaged, ISimd<V>
    {
        V sum = V.Zero;
        int i = 0;
        for (; i <= n - V.Width; i += V.Width)
        {
            V e = VectorMath.ExpNonPositive(V.Load(x + i) - max);
            e.Store(y + i);
            sum += e;
        }

        tail = V.Zero;
        if (i < n) tail = VectorMath.ExpNonPositive(V.LoadPartial(x + i, n - i) - max) & V.FirstLanes(n - i);
        return sum + tail;
    }
}
