using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Reductions;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

/// <summary>Layer normalisation of rows, with the residual sum in front of it fused.</summary>
/// <remarks>
/// The mean comes first and the squared deviations from it second: the one-pass form E[x^2] - E[x]^2 cancels when the mean is large.
/// The row stays in the first-level cache between passes. Strides count elements.
/// </remarks>
internal static unsafe class LayerNormKernel
{
    /// <summary>Normalises each row of x into y, which may be x.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void Rows<V>(float* x, nint xStride, float* y, nint yStride, int rows, int columns, LayerNormParameters parameters)
        where V : unmanaged, ISimd<V>
    {
        for (int r = 0; r < rows; r++)
        {
            float* row = x + r * xStride;
            Normalize<V>(row, y + r * yStride, columns, RowReduction.Of<V, Sum>(row, columns, default), parameters);
        }
    }

    /// <summary>
    /// Normalises each row of x + residual into y. The sum itself is left in <paramref name="sum"/>, which may be x, the residual or y.
    /// </summary>
    [MethodImpl(Kernel.Compiled)]
    public static void ResidualRows<V>(
        float* x, nint xStride, float* residual, nint residualStride, float* sum, nint sumStride, float* y, nint yStride,
        int rows, int columns, LayerNormParameters parameters)
        where V : unmanaged, ISimd<V>
    {
        for (int r = 0; r < rows; r++)
        {
            float* row = sum + r * sumStride;
            float total = AddAndSum<V>(x + r * xStride, residual + r * residualStride, row, columns);
            Normalize<V>(row, y + r * yStride, columns, total, parameters);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float AddAndSum<V>(float* x, float* residual, float* y, int n)
        where V : unmanaged, ISimd<V>
    {
        V even = V.Zero;
        V odd = V.Zero;
        int i = 0;
        for (; i <= n - 2 * V.Width; i += 2 * V.Width)
        {
            V first = V.Load(x + i) + V.Load(residual + i);
            V second = V.Load(x + i + V.Width) + V.Load(residual + i + V.Width);
            first.Store(y + i);
            second.Store(y + i + V.Width);
            even += first;
            odd += second;
        }

        for (; i < n; i += V.Width)
        {
            int count = Math.Min(V.Width, n - i);
            V last = V.LoadPartial(x + i, count) + V.LoadPartial(residual + i, count);
            last.StorePartial(y + i, count);
            even += last;
        }

        return V.Sum(even + odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Normalize<V>(float* x, float* y, int n, float sum, LayerNormParameters parameters)
        where V : unmanaged, ISimd<V>
    {
        float mean = sum / n;
        float sumOfSquares = RowReduction.Of<V, SumOfSquares>(x, n, new SumOfSquares(mean));
        V centre = V.Broadcast(mean);
        V scale = V.Broadcast(parameters.InverseScale(sumOfSquares, n));
        float* gamma = parameters.Gamma;
        float* beta = parameters.Beta;
        int i = 0;
        for (; i <= n - V.Width; i += V.Width)
        {
            V normal = (V.Load(x + i) - centre) * scale;
            V shift = beta != null ? V.Load(beta + i) : V.Zero;
            (gamma != null ? V.Fma(normal, V.Load(gamma + i), shift) : normal + shift).Store(y + i);
        }

        if (i < n)
        {
            int count = n - i;
            V normal = (V.LoadPartial(x + i, count) - centre) * scale;
            V shift = beta != null ? V.LoadPartial(beta + i, count) : V.Zero;
            (gamma != null ? V.Fma(normal, V.LoadPartial(gamma + i, count), shift) : normal + shift).StorePartial(y + i, count);
        }
    }
}
