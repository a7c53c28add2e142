using System.Runtime.CompilerServices;

namespace SeqInfer.Kernels;

/// <summary>How the JIT compiles kernels.</summary>
internal static class Kernel
{
    /// <summary>
    /// Optimised at the first call, and on its own. A short loop that a caller takes in, as the JIT does once it has seen that the call is
    /// frequent, finds that caller's inlining budget spent; the vectors' operations in it are calls then, and it runs at a tenth of its speed.
    /// </summary>
    /// <remarks>
    /// The parts of attention, but for those of its blocks of rows, and the shuffles of <see cref="Simd.Transpose{V}"/> and
    /// <see cref="Simd.FourVectors{V}"/> are left to the JIT: many calls of little work, which are faster where it takes them in
    /// (T = 50, 2 heads of 32: 429 us for 64 sequences against 445).
    /// </remarks>
    public const MethodImplOptions Compiled = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;
}
