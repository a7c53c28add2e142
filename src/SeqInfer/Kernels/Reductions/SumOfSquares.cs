using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Reductions;

/// <summary>Sum of the squared distances from a centre; each step is rounded twice, in the difference and in the fused square.</summary>
internal readonly struct SumOfSquares(float centre) : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Start<V>()
        where V : unmanaged, ISimd<V> =>
        V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Accumulate<V>(V accumulator, V x)
        where V : unmanaged, ISimd<V>
    {
        V difference = x - V.Broadcast(centre);
        return V.Fma(difference, difference, accumulator);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Merge<V>(V a, V b)
        where V : unmanaged, ISimd<V> =>
        a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Collapse<V>(V accumulator)
        where V : unmanaged, ISimd<V> =>
        V.Sum(accumulator);
}
