using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Bench.Limits;

/// <summary>Fused multiply-adds on registers alone: enough independent chains to hide the latency of each, no memory.</summary>
internal sealed class FmaLoop<V> : ISpinLoop
    where V : unmanaged, ISimd<V>
{
    private const int Chains = 12;
    private const int Iterations = 20_000;

    /// <summary>Returns floating point operations; a multiply-add counts two.</summary>
    public double Run()
    {
        // A factor below 1 keeps the sums finite; the result must be used, or the loop would be removed.
        float sum = Chain(Iterations, 0.999f, 0.001f);
        return float.IsNaN(sum) ? 0 : 2.0 * Chains * V.Width * Iterations;
    }

    public void Dispose()
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Chain(int iterations, float factor, float summand)
    {
        V x = V.Broadcast(factor);
        V y = V.Broadcast(summand);
        V c0 = y, c1 = y, c2 = y, c3 = y, c4 = y, c5 = y, c6 = y, c7 = y, c8 = y, c9 = y, c10 = y, c11 = y;
        for (int i = 0; i < iterations; i++)
        {
            c0 = V.Fma(c0, x, y);
            c1 = V.Fma(c1, x, y);
            c2 = V.Fma(c2, x, y);
            c3 = V.Fma(c3, x, y);
            c4 = V.Fma(c4, x, y);
            c5 = V.Fma(c5, x, y);
            c6 = V.Fma(c6, x, y);
            c7 = V.Fma(c7, x, y);
            c8 = V.Fma(c8, x, y);
            c9 = V.Fma(c9, x, y);
            c10 = V.Fma(c10, x, y);
            c11 = V.Fma(c11, x, y);
        }

        return V.Sum(((c0 + c1) + (c2 + c3)) + ((c4 + c5) + (c6 + c7)) + ((c8 + c9) + (c10 + c11)));
    }
}
