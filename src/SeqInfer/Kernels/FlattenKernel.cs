using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels;

/// <summary>Lays the steps of one sequence out as one row.</summary>
internal static unsafe class FlattenKernel
{
    /// <summary><c>y[step * channels + channel] = x[step, channel]</c>.</summary>
    public static void TimeFirst(float* x, nint stride, int steps, int channels, float* y)
    {
        for (int step = 0; step < steps; step++, x += stride, y += channels)
            new ReadOnlySpan<float>(x, channels).CopyTo(new Span<float>(y, channels));
    }

    /// <summary><c>y[channel * steps + step] = x[step, channel]</c>.</summary>
    [MethodImpl(Kernel.Compiled)]
    public static void ChannelsFirst<V>(float* x, nint stride, int steps, int channels, float* y)
        where V : unmanaged, ISimd<V>
    {
        int step = 0;
        for (; step <= steps - V.Width; step += V.Width)
            Transpose<V>.Rows(x + (step * stride), stride, V.Width, channels, y + step, steps);
        for (; step < steps; step++)
        {
            float* row = x + (step * stride);
            for (nint channel = 0; channel < channels; channel++)
                y[(channel * steps) + step] = row[channel];
        }
    }
}
