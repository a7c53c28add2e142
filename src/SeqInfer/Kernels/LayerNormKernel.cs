using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Reductions;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

/// <summary>Layer normalisation of rows, with the residual sum in front of it fused.</summary>
/// <remarks>
/// The mean comes first and the squared deviations from it second: the one-pass form E[x^2] - E[x]^2 cancels when the mean is large.
/// Each step is taken for a block of rows before the next one: sum, mean, squares, root and division of one row depend on each other and would
/// leave the processor waiting. A block stays in the first-level cache between steps. Strides count elements.
/// </remarks>
internal static unsafe class LayerNormKernel
{
    /// <summary>Normalises each row of x into y, which may be x.</summary>
    [MethodImpl(Kernel.Compiled)]
    [SkipLocalsInit]
    public static void Rows<V>(float* x, nint xStride, float* y, nint yStride, int rows, int columns, LayerNormParameters parameters)
        where V : unmanaged, ISimd<V>
    {
        float* memory = stackalloc float[RowStatistics<V>.Length];
        var statistics = new RowStatistics<V>(memory);
        int height = RowStatistics<V>.BlockRows(columns);
        for (; rows > 0; rows -= height, x += height * xStride, y += height * yStride)
        {
            int count = Math.Min(height, rows);
            statistics.TakeSums(x, xStride, count, columns);
            statistics.TakeScales(x, xStride, count, columns, in parameters);
            Normalize(x, xStride, y, yStride, count, columns, in parameters, in statistics);
        }
    }

    /// <summary>
    /// Normalises each row of x + residual into y. The sum itself is left in <paramref name="sum"/>, which may be x, the residual or y.
    /// </summary>
    [MethodImpl(Kernel.Compiled)]
    [SkipLocalsInit]
    public static void ResidualRows<V>(
        float* x, nint xStride, float* residual, nint residualStride, float* sum, nint sumStride, float* y, nint yStride,
        int rows, int columns, LayerNormParameters parameters)
        where V : unmanaged, ISimd<V>
    {
        float* memory = stackalloc float[RowStatistics<V>.Length];
        var statistics = new RowStatistics<V>(memory);
        int height = RowStatistics<V>.BlockRows(columns);
        for (; rows > 0; rows -= height)
        {
            int count = Math.Min(height, rows);
            statistics.TakeSums(x, xStride, residual, residualStride, sum, sumStride, count, columns);
            statistics.TakeScales(sum, sumStride, count, columns, in parameters);
            Normalize(sum, sumStride, y, yStride, count, columns, in parameters, in statistics);
            x += height * xStride;
            residual += height * residualStride;
            sum += height * sumStride;
            y += height * yStride;
        }
    }

    [MethodImpl(Kernel.Compiled)]
    private static void Normalize<V>(
        float* x, nint xStride, float* y, nint yStride, int rows, int columns, in LayerNormParameters parameters, in RowStatistics<V> statistics)
        where V : unmanaged, ISimd<V>
    {
        float* gamma = parameters.Gamma;
        float* beta = parameters.Beta;
        float* means = statistics.Means;
        float* scales = statistics.Scales;
        for (int r = 0; r < rows; r++, x += xStride, y += yStride)
        {
            V centre = V.Broadcast(means + r);
            V scale = V.Broadcast(scales + r);
            int i = 0;
            if (gamma != null && beta != null)
            {
                for (; i <= columns - V.Width; i += V.Width)
                    V.Fma((V.Load(x + i) - centre) * scale, V.Load(gamma + i), V.Load(beta + i)).Store(y + i);
            }

            for (; i < columns; i += V.Width)
            {
                int count = Math.Min(V.Width, columns - i);
                V normal = (V.LoadPartial(x + i, count) - centre) * scale;
                V shift = beta != null ? V.LoadPartial(beta + i, count) : V.Zero;
                (gamma != null ? V.Fma(normal, V.LoadPartial(gamma + i, count), shift) : normal + shift).StorePartial(y + i, count);
            }
        }
    }
}
