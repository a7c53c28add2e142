using ILGPU;
using SeqInfer.Gpu.Kernels;

namespace SeqInfer.Bench.Gpu.Hardware;

/// <summary>How often, and where the results go.</summary>
internal readonly struct FmaArgs(int iterations, float factor, float summand, ArrayView<float> output)
{
    public readonly int Iterations = iterations;

    public readonly float Factor = factor;

    public readonly float Summand = summand;

    public readonly ArrayView<float> Output = output;
}

/// <summary>Fused multiply-adds on registers alone: eight chains a thread, each long enough to hide the latency of the others.</summary>
internal static class FmaKernel
{
    /// <summary>Multiply-adds of a thread in one iteration.</summary>
    public const int FmasPerIteration = 32;

    public static void Run(FmaArgs args)
    {
        float x = args.Factor;
        float y = args.Summand;

        // Chains that began alike would be one
        float c0 = y, c1 = y + 1, c2 = y + 2, c3 = y + 3, c4 = y + 4, c5 = y + 5, c6 = y + 6, c7 = y + 7;

        // The compiler does not unroll: four rounds an iteration, so that counting it costs little.
        for (int i = 0; i < args.Iterations; i++)
        {
            c0 = GpuMath.Fma(c0, x, y);
            c1 = GpuMath.Fma(c1, x, y);
            c2 = GpuMath.Fma(c2, x, y);
            c3 = GpuMath.Fma(c3, x, y);
            c4 = GpuMath.Fma(c4, x, y);
            c5 = GpuMath.Fma(c5, x, y);
            c6 = GpuMath.Fma(c6, x, y);
            c7 = GpuMath.Fma(c7, x, y);
            c0 = GpuMath.Fma(c0, x, y);
            c1 = GpuMath.Fma(c1, x, y);
            c2 = GpuMath.Fma(c2, x, y);
            c3 = GpuMath.Fma(c3, x, y);
            c4 = GpuMath.Fma(c4, x, y);
            c5 = GpuMath.Fma(c5, x, y);
            c6 = GpuMath.Fma(c6, x, y);
            c7 = GpuMath.Fma(c7, x, y);
            c0 = GpuMath.Fma(c0, x, y);
            c1 = GpuMath.Fma(c1, x, y);
            c2 = GpuMath.Fma(c2, x, y);
            c3 = GpuMath.Fma(c3, x, y);
            c4 = GpuMath.Fma(c4, x, y);
            c5 = GpuMath.Fma(c5, x, y);
            c6 = GpuMath.Fma(c6, x, y);
            c7 = GpuMath.Fma(c7, x, y);
            c0 = GpuMath.Fma(c0, x, y);
            c1 = GpuMath.Fma(c1, x, y);
            c2 = GpuMath.Fma(c2, x, y);
            c3 = GpuMath.Fma(c3, x, y);
            c4 = GpuMath.Fma(c4, x, y);
            c5 = GpuMath.Fma(c5, x, y);
            c6 = GpuMath.Fma(c6, x, y);
            c7 = GpuMath.Fma(c7, x, y);
        }

        args.Output[(Grid.IdxX * Group.DimX) + Group.IdxX] = ((c0 + c1) + (c2 + c3)) + ((c4 + c5) + (c6 + c7));
    }
}
