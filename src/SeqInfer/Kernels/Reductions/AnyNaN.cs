using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Reductions;

/// <summary>Looks for NaN in a row, which <see cref="Maximum"/> may lose.</summary>
internal static unsafe class AnyNaN
{
    /// <summary>Whether one of x[0..n) is NaN. Kept out of line: softmax asks only for rows that look wholly masked.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool InRow<V>(float* x, int n)
        where V : unmanaged, ISimd<V>
    {
        V found = V.Zero;
        int i = 0;
        for (; i <= n - V.Width; i += V.Width) found |= V.IsNaN(V.Load(x + i));
        if (i < n) found |= V.IsNaN(V.LoadPartial(x + i, n - i));
        return V.Any(found);
    }
}
