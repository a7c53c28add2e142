using System.Runtime.CompilerServices;
using SeqInfer.Kernels.Simd;

namespace SeqInfer.Kernels.Reductions;

/// <summary>Sum of e^(x - max), where no element is above max.</summary>
internal readonly struct SumOfExp(float max) : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Start<V>()
        where V : unmanaged, ISimd<V> =>
        V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Accumulate<V>(V accumulator, V x)
        where V : unmanaged, ISimd<V> =>
        accumulator + VectorMath.ExpNonPositive(x - V.Broadcast(max));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Merge<V>(V a, V b)
        where V : unmanaged, ISimd<V> =>
        a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Collapse<V>(V accumulator)
        where V : unmanaged, ISimd<V> =>
        V.Sum(accumulator);
}
